// Telephone numbers: with a country code, or grouped as their country does.
#include <algorithm>

#include <re2/re2.h>

#include "entity_rules.hpp"
#include "phone_countries.hpp"
#include "phone_shapes.hpp"
#include "surroundings.hpp"

namespace app {

namespace {

constexpr auto digit_count_max = std::size_t{15}; // ITU-T E.164
constexpr auto group_count_max = std::size_t{9};

/// "x123", "ext. 5": how many bytes of the text from here on are an extension.
std::size_t extension_size(std::string_view text)
{
    static auto const* const extension = [] {
        auto options = RE2::Options{};
        options.set_case_sensitive(false);
        return new RE2{R"(((?:,? ?)(?:x|ext\.?|extension|poste|durchwahl) ?#?[0-9]{1,6})\b)", options};
    }();
    auto const look = text.substr(0, 24);
    auto found = re2::StringPiece{};
    auto const has_one =
        extension->Match({look.data(), look.size()}, 0, look.size(), RE2::ANCHOR_START, &found, 1);
    return has_one ? found.size() : 0;
}

text_range with_extension(std::string_view text, text_range number)
{
    return {number.begin, number.end + extension_size(text.substr(number.end))};
}

/// An international number whose country code begins with this group: where it ends. `skipped` digits of the
/// group are the prefix that dials abroad. The longest run of groups that the country's numbers may have.
std::optional<std::size_t> international_end(std::string_view text, digit_groups const& groups,
                                             std::size_t first, std::size_t skipped)
{
    auto digits = std::string{groups.text_of(first).substr(skipped)};
    if (!begins_with_country_code(digits)) {
        return std::nullopt;
    }
    auto end = std::optional<std::size_t>{};
    auto const consider = [&](std::size_t index, bool bare) {
        if ((is_international_number(digits) || (bare && has_country_code(digits))) &&
            ends_word(text, with_extension(text, groups[index]).end)) {
            end = groups[index].end;
        }
    };
    consider(first, true);
    for (auto at = first + 1; at < groups.size() && at < first + group_count_max; ++at) {
        if (groups.before(at) == separator::none) {
            break;
        }
        if (!(groups.in_parentheses(at) && groups.text_of(at) == "0")) { // +44 (0)20: not dialled from abroad
            digits.append(groups.text_of(at));
        }
        if (digits.size() > digit_count_max) {
            break;
        }
        consider(at, false);
    }
    return end;
}

/// Where a number with a plus sign before this group begins: at the sign, or at a parenthesis beside it.
std::optional<std::size_t> plus_before(std::string_view text, std::size_t group_begin)
{
    auto begin = group_begin;
    if (begin > 0 && text[begin - 1] == '(') { // +(44)
        --begin;
    }
    if (begin == 0 || text[begin - 1] != '+') {
        return std::nullopt;
    }
    --begin;
    if (begin > 0 && text[begin - 1] == '(' && text[begin + 1] != '(') { // (+44)
        auto const closing = text.find_first_not_of("0123456789", group_begin);
        begin -= closing != std::string_view::npos && text[closing] == ')' ? 1 : 0;
    }
    if (!begins_word(text, begin) || (begin > 0 && (text[begin - 1] == '+' || text[begin - 1] == ')'))) {
        return std::nullopt; // a sum
    }
    return begin;
}

/// A number that begins with this group and names its country.
std::optional<text_range> international_at(std::string_view text, digit_groups const& groups,
                                           std::size_t first)
{
    auto const group = groups.text_of(first);
    if (auto const begin = plus_before(text, groups[first].begin)) {
        auto const end = international_end(text, groups, first, 0);
        return end ? std::optional{text_range{*begin, *end}} : std::nullopt;
    }
    // 0044 20 …, 00 44 20 …, 011 44 20 …. Digits alone are filled up with zeros as often as they are dialled.
    auto const is_joined = groups.before(first) != separator::none;
    if (is_joined || !begins_word(text, groups[first].begin)) {
        return std::nullopt;
    }
    auto end = std::optional<std::size_t>{};
    if ((group == "00" || group == "011") && first + 1 < groups.size() &&
        groups.before(first + 1) != separator::none) {
        end = international_end(text, groups, first + 1, 0);
    }
    else if (group.size() > 2 && group.starts_with("00") && is_international_number(group.substr(2))) {
        end = groups[first].end;
    }
    else if (group.size() >= 3 && group.size() <= 5 && group.starts_with("00")) {
        end = international_end(text, groups, first, 2);
    }
    return end ? std::optional{text_range{groups[first].begin, *end}} : std::nullopt;
}

/// A number grouped as in its country. 1, 7 and 8 are dialled before long-distance numbers.
std::optional<text_range> national_at(folded_text const& folded, digit_groups const& groups,
                                      std::size_t first)
{
    auto const text = std::string_view{folded.text()};
    auto const is_trunk_digit = [&](std::size_t index) {
        auto const group = groups.text_of(index);
        return group == "1" || group == "7" || group == "8";
    };
    auto start = first;
    auto count = std::size_t{0};
    if (is_trunk_digit(first) && first + 1 < groups.size() && groups.before(first + 1) != separator::none &&
        folded.literal(groups[first].end) && groups.length(first + 1) == 3 &&
        groups.digit(first + 1, 0) != '0') {
        count = phone_shape_at(groups, first + 1);
        if (count != 0 && groups.digits(first + 1, count).size() == 10) {
            start = first + 1;
        }
        else {
            count = 0;
        }
    }
    if (count == 0) {
        count = phone_shape_at(groups, first);
    }
    if (count == 0) {
        count = announced_phone_shape_at(groups, first);
        if (count != 0 && !follows_phone_word(text, groups[first].begin)) {
            count = 0;
        }
    }
    if (count == 0) {
        return std::nullopt;
    }
    auto range = text_range{groups[first].begin, groups[start + count - 1].end};
    if (groups.in_parentheses(first)) {
        --range.begin;
    }
    auto const is_spaced = groups.have_spaces(start, count);
    auto const with_more = with_extension(text, range);
    auto const is_hardware_address = text.substr(range.end).starts_with('-') &&
                                     !ends_word(text, range.end + 1) && groups.length(first) == 2 &&
                                     groups.length(first + 1) == 2;
    if (is_hardware_address || !stands_alone(folded, with_more, is_spaced) || is_amount(text, range) ||
        follows_id_word(text, range.begin)) {
        return std::nullopt;
    }
    return with_more;
}

} // namespace

std::vector<text_range> find_phones(folded_text const& folded, digit_groups const& groups)
{
    auto const text = std::string_view{folded.text()};
    auto found = std::vector<text_range>{};
    for (auto first = std::size_t{0}; first < groups.size();) {
        auto number = international_at(text, groups, first);
        if (number) {
            number = is_amount(text, *number) ? std::nullopt : std::optional{with_extension(text, *number)};
        }
        else {
            number = national_at(folded, groups, first);
        }
        if (number) {
            found.push_back(*number);
            first = groups.first_from(number->end);
        }
        else {
            ++first;
        }
    }
    return found;
}

std::optional<text_range> confirmed_phone(folded_text const& folded, digit_groups const& groups,
                                          text_range candidate)
{
    auto const text = std::string_view{folded.text()};
    auto const first = groups.first_from(candidate.begin);
    auto const after = groups.first_from(candidate.end);
    if (first == after) {
        return std::nullopt;
    }
    if (auto const number = international_at(text, groups, first)) {
        return is_amount(text, *number) ? std::nullopt : number;
    }
    auto const range = groups.range(first, after - first);
    auto const digit_count = groups.digits(first, after - first).size();
    auto const is_dotted = [&] { // 192.168.1.1, 1.2.3.4567
        auto const inner = text.substr(range.begin, range.end - range.begin);
        return std::count(inner.begin(), inner.end(), '.') >= 3;
    };
    auto const is_date = [&] {
        constexpr unsigned char year_first[] = {4, 2, 2};
        constexpr unsigned char year_last[] = {2, 2, 4};
        return groups.have_lengths(first, year_first) || groups.have_lengths(first, year_last);
    };
    auto const is_list = [&] { // 100 200 3000: spaces alone separate numbers, too
        constexpr unsigned char lengths[] = {3, 3, 4};
        return after - first == 3 && groups.have_lengths(first, lengths) &&
               phone_shape_at(groups, first) == 0;
    };
    auto const is_spaced = groups.have_spaces(first, after - first);
    if (after - first < 2 || digit_count < 7 || digit_count > digit_count_max ||
        text[candidate.begin] == '+' || is_dotted() || is_date() || is_list() || is_amount(text, range) ||
        follows_id_word(text, range.begin) || !stands_alone(folded, range, is_spaced)) {
        return std::nullopt;
    }
    return candidate;
}

} // namespace app
