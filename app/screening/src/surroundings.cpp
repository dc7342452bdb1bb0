#include "surroundings.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>
#include <unicode/uchar.h>

#include "code_points.hpp"

namespace app {

namespace {

/// How far a look beside a number goes, in bytes.
constexpr auto look_size_max = std::size_t{48};

bool is_word_character(UChar32 character)
{
    if (character < 0x80) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
               (character >= 'A' && character <= 'Z');
    }
    if (u_isalnum(character) == 0) {
        return false;
    }
    switch (u_getIntPropertyValue(character,
                                  UCHAR_LINE_BREAK)) { // UAX #14: where a line may break without a space
    case U_LB_IDEOGRAPHIC:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_COMPLEX_CONTEXT:
    case U_LB_H2:
    case U_LB_H3:
    case U_LB_JL:
    case U_LB_JV:
    case U_LB_JT: return false;
    default: return true;
    }
}

bool is_ascii_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

bool is_border(char byte)
{
    return byte == ' ' || byte == '\n' ||
           (byte > 0 && byte < 0x7F && !is_ascii_letter(byte) && !is_digit(byte));
}

/// Reads folded text, so the expression is folded, too.
RE2 const& compiled(std::string_view regex)
{
    auto options = RE2::Options{};
    options.set_log_errors(false);
    options.set_case_sensitive(false);
    return *new RE2{folded_text{regex}.text(), options}; // for as long as the process lives
}

std::string_view before(std::string_view text, std::size_t offset)
{
    auto begin = offset > look_size_max ? offset - look_size_max : 0;
    while (begin != 0 && begin < offset && !is_border(text[begin])) { // never the end of a word as a word
        ++begin;
    }
    return text.substr(begin, offset - begin);
}

std::string_view after(std::string_view text, std::size_t offset)
{
    auto end = std::min(text.size(), offset + look_size_max);
    while (end > offset && is_inside_character(text, end)) {
        --end;
    }
    return text.substr(offset, end - offset);
}

bool found(RE2 const& expression, std::string_view text)
{
    return RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, expression);
}

/// "SSN-": the hyphen at this offset comes after a word that only says what follows.
bool is_label_hyphen(std::string_view text, std::size_t hyphen)
{
    static auto const& label = compiled(
        R"((?:^|[^a-z0-9_])(?:ssn|card|cc|visa|mastercard|amex|pan|tel|phone|mobile|cell|fax|call|no|nr|number)$)");
    return found(label, before(text, hyphen));
}

} // namespace

bool begins_word(std::string_view text, std::size_t offset)
{
    while (offset != 0 && text[offset - 1] == '_') {
        --offset;
    }
    return offset == 0 || !is_word_character(character_before(text, offset));
}

bool ends_word(std::string_view text, std::size_t offset)
{
    while (offset < text.size() && text[offset] == '_') {
        ++offset;
    }
    return offset >= text.size() || !is_word_character(next_character(text, offset));
}

bool stands_alone(folded_text const& folded, text_range candidate, bool is_spaced)
{
    auto const text = std::string_view{folded.text()};
    if (!begins_word(text, candidate.begin) || !ends_word(text, candidate.end)) {
        return false;
    }
    auto const joins_digits = [&](std::size_t joint, char beyond) {
        switch (text[joint]) {
        case '-':
        case '.': return is_digit(beyond);
        case ' ': return is_spaced && is_digit(beyond) && folded.literal(joint);
        default: return false;
        }
    };
    if (candidate.begin >= 2) {
        auto const joint = candidate.begin - 1;
        auto const beyond = text[joint - 1];
        if (joins_digits(joint, beyond) || (text[joint] == '-' && is_ascii_letter(beyond) &&
                                            folded.literal(joint) && !is_label_hyphen(text, joint))) {
            return false;
        }
    }
    return candidate.end + 1 >= text.size() || !joins_digits(candidate.end, text[candidate.end + 1]);
}

bool is_amount(std::string_view text, text_range number)
{
    static auto const& currency_before =
        compiled(R"((?:\p{Sc}|\b(?:usd|eur|gbp|chf|inr|jpy|cny|aud|cad|rs\.?)) ?$)");
    static auto const& currency_after = compiled(
        R"(^(?:,[0-9]{1,2})? ?(?:\p{Sc}|%|(?:usd|eur|gbp|chf|inr|jpy|cny|aud|cad|euros?|dollars?|pounds?|rupees|yen)\b))");
    return found(currency_before, before(text, number.begin)) ||
           found(currency_after, after(text, number.end));
}

bool follows_phone_word(std::string_view text, std::size_t offset)
{
    static auto const& words = compiled(
        "(?:^|[^a-z0-9_])(?:"
        "tel|ph|phone|phones|telephone|landline|mobile|mob|cell|cellphone|fax|call|dial|ring|whatsapp|viber|"
        "sms|"
        "telefon|telefono|teléfono|telefone|téléphone|telefoon|puhelin|handy|handynummer|rufnummer|"
        "telefonnummer|"
        "mobil|móvil|movil|celular|cel|portable|telemóvel|cellulare|komórka|"
        "телефон|тел|моб|номер|τηλ|τηλέφωνο|звоните|звони)"
        R"(\.?'?s?(?:[ :.,#=-]*\b(?:number|no|nr|num|is|was|at|on|me|us|my|him|her|them|or|the|numero|número|es|ist|est)\b)*)"
        R"([ :.#=("-]*$)");
    static auto const& unspaced =
        compiled("(?:电话|電話|手机|手機|携帯|전화|휴대폰|号码|番号)(?:是|は|:| )*$");
    auto const look = before(text, offset);
    return found(words, look) || found(unspaced, look);
}

bool follows_id_word(std::string_view text, std::size_t offset)
{
    static auto const& words = compiled(
        "(?:^|[^a-z0-9_])(?:isbn(?:-?1[03])?|issn|ean|upc|gtin|doi|sku|order|invoice|ticket|tracking|serial|"
        "version|"
        "part|model|ref|reference|case|account|acct|item|product|iban|nhs|tin|ein|vat|siret|siren|abn)"
        R"(\.?(?:[ :.#=-]*\b(?:number|no|nr|num|id|code|is|was)\b)*[ :.#=("-]*$)");
    return found(words, before(text, offset));
}

} // namespace app
