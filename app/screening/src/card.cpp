// Numbers of payment cards.
#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "entity_rules.hpp"
#include "screening/detectors.hpp"
#include "surroundings.hpp"

namespace app {

namespace {

constexpr auto card_length_min = std::size_t{13};
constexpr auto card_length_max = std::size_t{19};

struct issuer
{
    std::string_view first; ///< the lowest prefix
    std::string_view last;  ///< the highest, of as many digits
    unsigned lengths;       ///< a bit for each length
};

constexpr unsigned bit(unsigned length)
{
    return 1U << length;
}
constexpr auto sixteen_to_nineteen = bit(16) | bit(17) | bit(18) | bit(19);

// ISO/IEC 7812: the issuer's identification number. Ranges as the networks publish them.
constexpr issuer issuers[] = {
    {"4", "4", bit(13) | bit(16) | bit(19)}, // Visa
    {"51", "55", bit(16)},                   // Mastercard
    {"2221", "2720", bit(16)},               // Mastercard
    {"34", "34", bit(15)},                   // American Express
    {"37", "37", bit(15)},                   // American Express
    {"6011", "6011", sixteen_to_nineteen},   // Discover
    {"644", "649", sixteen_to_nineteen},     // Discover
    {"65", "65", sixteen_to_nineteen},       // Discover
    {"300", "305", bit(14)},                 // Diners Club
    {"309", "309", bit(14)},                 // Diners Club
    {"36", "36", bit(14)},                   // Diners Club
    {"38", "39", bit(14)},                   // Diners Club
    {"3528", "3589", sixteen_to_nineteen},   // JCB
    {"62", "62", sixteen_to_nineteen},       // UnionPay
};

struct grouping
{
    std::array<unsigned char, 5> lengths; ///< 0: no further group
};

// How cards are embossed, printed on receipts and typed; the longest of a kind first.
constexpr grouping groupings[] = {
    {{4, 4, 4, 4, 3}},
    {{4, 4, 4, 4, 2}},
    {{4, 4, 4, 4, 1}},
    {{4, 4, 4, 7}},
    {{6, 13}},
    {{6, 12}},
    {{4, 4, 4, 4}},
    {{4, 4, 8}},
    {{4, 6, 6}},
    {{4, 12}},
    {{6, 6, 4}},
    {{6, 10}},
    {{8, 8}},
    {{4, 6, 5}},
    {{4, 5, 6}},
    {{4, 4, 4, 3}},
    {{4, 4, 7}},
    {{4, 11}},
    {{4, 6, 4}},
    {{4, 4, 6}},
    {{4, 4, 4, 2}},
    {{4, 10}},
    {{4, 3, 3, 3}},
    {{4, 4, 5}},
    {{4, 4, 4, 1}},
    {{19}},
    {{18}},
    {{17}},
    {{16}},
    {{15}},
    {{14}},
    {{13}},
};

std::span<unsigned char const> lengths_of(grouping const& shape)
{
    auto const* const end = std::find(shape.lengths.begin(), shape.lengths.end(), 0);
    return {shape.lengths.begin(), end};
}

bool is_card_separator(separator between)
{
    return between == separator::space || between == separator::hyphen || between == separator::point;
}

/// Four groups of four among many of them are a list of numbers: five may be a card and its date, eight two
/// cards.
bool is_in_list(folded_text const& folded, digit_groups const& groups, std::size_t first)
{
    constexpr auto enough = std::size_t{9};
    auto const continues = [&](std::size_t index) {
        return groups.length(index) == 4 && groups.before(index) == separator::space &&
               folded.literal(groups[index].begin - 1);
    };
    auto count = std::size_t{1};
    for (auto at = first; at > 0 && count < enough && continues(at) && groups.length(at - 1) == 4; --at) {
        ++count;
    }
    for (auto at = first + 1; at < groups.size() && count < enough && continues(at); ++at) {
        ++count;
    }
    return count > 5 && count != 8;
}

/// Letters and digits of an account number, up to 34 of them, give 1 modulo 97 (ISO 13616, ISO 7064).
bool passes_iban_check(std::string_view compact)
{
    auto remainder = 0U;
    for (auto at = std::size_t{0}; at < compact.size(); ++at) {
        auto const byte = compact[(at + 4) % compact.size()]; // the first four come last
        auto const value = static_cast<unsigned>(is_digit(byte) ? byte - '0' : byte - 'A' + 10);
        remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }
    return remainder == 1;
}

/// True if these digits belong to an account number, "DE89 3704 0044 0532 0130 00", whose groups of four
/// begin at most six groups before.
bool is_in_iban(std::string_view text, text_range candidate)
{
    constexpr auto length_max = std::size_t{34};
    auto const is_capital = [](char byte) { return byte >= 'A' && byte <= 'Z'; };
    for (auto back = std::size_t{5}; back <= 30 && back <= candidate.begin; back += 5) {
        auto const head = text.substr(candidate.begin - back, 4);
        if (text[candidate.begin - back + 4] != ' ') {
            return false;
        }
        if (!is_capital(head[0]) || !is_capital(head[1]) || !is_digit(head[2]) || !is_digit(head[3])) {
            continue;
        }
        auto compact = std::string{};
        for (auto at = candidate.begin - back; at < text.size() && compact.size() < length_max; ++at) {
            if (is_capital(text[at]) || is_digit(text[at])) {
                compact += text[at];
            }
            else if (text[at] != ' ') {
                break;
            }
            if (compact.size() >= 15 && at + 1 >= candidate.end && ends_word(text, at + 1) &&
                passes_iban_check(compact)) {
                return true;
            }
        }
    }
    return false;
}

/// A number, or a number and its date of expiry: "4111 1111 1111 1111-12/27".
bool is_whole(folded_text const& folded, text_range number)
{
    static RE2 const& expiry = *new RE2{"-(?:0[1-9]|1[0-2])/(?:[0-9]{4}|[0-9]{2})"};
    auto rest = re2::StringPiece{folded.text()};
    rest.remove_prefix(number.end);
    auto const size = rest.size();
    auto const has_expiry = RE2::Consume(&rest, expiry);
    return stands_alone(folded, number) ||
           (has_expiry && stands_alone(folded, {number.begin, number.end + size - rest.size()}));
}

} // namespace

bool passes_luhn(std::string_view text)
{
    auto sum = 0;
    auto count = 0;
    for (auto at = text.rbegin(); at != text.rend(); ++at) {
        if (is_digit(*at)) {
            auto const doubled = (*at - '0') * (count % 2 == 0 ? 1 : 2);
            sum += doubled > 9 ? doubled - 9 : doubled;
            ++count;
        }
    }
    return count >= 2 && sum % 10 == 0;
}

bool is_card_number(std::string_view digits)
{
    if (digits.size() < card_length_min || digits.size() > card_length_max) {
        return false;
    }
    auto const is_from = [&](issuer const& one) {
        auto const prefix = digits.substr(0, one.first.size());
        return prefix >= one.first && prefix <= one.last &&
               (one.lengths & bit(static_cast<unsigned>(digits.size()))) != 0;
    };
    return std::any_of(std::begin(issuers), std::end(issuers), is_from) && passes_luhn(digits);
}

std::vector<text_range> find_cards(folded_text const& folded, digit_groups const& groups)
{
    auto const fits = [&](std::size_t first, std::span<unsigned char const> lengths) {
        if (!groups.have_lengths(first, lengths)) {
            return false;
        }
        for (auto at = first + 1; at < first + lengths.size(); ++at) {
            if (!is_card_separator(groups.before(at))) {
                return false;
            }
        }
        auto const range = groups.range(first, lengths.size());
        return is_card_number(groups.digits(first, lengths.size())) && is_whole(folded, range) &&
               !(lengths.size() >= 4 && is_in_list(folded, groups, first)) &&
               !is_in_iban(folded.text(), range);
    };
    auto found = std::vector<text_range>{};
    for (auto first = std::size_t{0}; first < groups.size(); ++first) {
        for (auto const& shape : groupings) {
            if (shape.lengths[0] != groups.length(first)) {
                continue;
            }
            if (auto const lengths = lengths_of(shape); fits(first, lengths)) {
                found.push_back(groups.range(first, lengths.size()));
                first += lengths.size() - 1;
                break;
            }
        }
    }
    return found;
}

bool is_card(folded_text const& folded, digit_groups const& groups, text_range candidate)
{
    auto const text =
        std::string_view{folded.text()}.substr(candidate.begin, candidate.end - candidate.begin);
    auto const first = groups.first_from(candidate.begin);
    return text.size() <= 3 * card_length_max && is_card_number(digits_of(text)) &&
           is_whole(folded, candidate) && !(groups.length(first) == 4 && is_in_list(folded, groups, first)) &&
           !is_in_iban(folded.text(), candidate);
}

} // namespace app
