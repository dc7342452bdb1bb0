// Bytes that slipped into a part, and escapes that are missing or too many.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "part_weight.hpp"
#include "percent_code.hpp"
#include "rule.hpp"
#include "schemagate/safe_text.hpp"

namespace schemagate::url {

namespace {

hits control(inspection const& i);
hits invisible(inspection const& i);
hits not_utf8(inspection const& i);
hits delimiter(inspection const& i);
hits encoded_twice(inspection const& i);
hits encoded_in_keywords(inspection const& i);
hits backslash_dropped(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto table = std::array{
    rule{"control-character", refuse, "The {part} in {name} has a {what} in it.", "Remove it.", control},
    rule{"invisible-character", refuse,
         "{name} has an invisible character (a no-break or zero-width space, or a byte order mark) in its "
         "{part}.",
         "Type the {part} anew instead of copying it. If it is meant, percent-encode it.", invisible},
    rule{"invalid-utf8", warn, "The {part} in {name} is not valid UTF-8.",
         "Percent-encode the bytes of its UTF-8 form: ü is %C3%BC.", not_utf8},
    rule{"delimiter-unescaped", warn,
         "{name} has an unescaped # or ? in its user or password: libpq reads it as it is meant, most other "
         "programs do "
         "not.",
         "Write # as %23 and ? as %3F.", delimiter},
    rule{"encoded-twice", warn,
         "{name} looks percent-encoded twice: its {part} has %25 before two hexadecimal digits.",
         "If a %40 there was meant to be an @, encode the plain value once. Otherwise ignore this.",
         encoded_twice},
    rule{"encoded-in-keyword-form", warn,
         "The password in {name} looks percent-encoded, but a keyword=value string is not decoded: libpq "
         "takes "
         "%40 as it is.",
         "Write the plain password, in single quotes if it has blanks. Otherwise ignore this.",
         encoded_in_keywords},
    rule{"backslash-dropped", warn,
         "The password in {name} has a backslash, which libpq leaves out of a keyword=value string.",
         "Write \\\\ for each backslash that belongs to it.", backslash_dropped},
};

std::string_view value_of(text_part const& part)
{
    return part.value.reveal();
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

hits control(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts) {
        auto const value =
            part.keyword == "port" ? std::string_view{} : value_of(part); // of a port libpq leaves it out
        auto const end = std::find_if_not(value.rbegin(), value.rend(), is_blank).base();
        auto const inner = value.substr(0, static_cast<std::size_t>(end - value.begin()));
        auto const found = std::find_if(inner.begin(), inner.end(), is_control);
        if (found == inner.end() || (found == inner.begin() && is_blank(*found)))
            continue; // blank-at-start
        result.push_back({{{"part", part_name(part.keyword)},
                           {"what", *found == '\n'   ? "newline"
                                    : *found == '\r' ? "carriage return"
                                    : *found == '\t' ? "tab"
                                                     : "control character"}},
                          weight_of(part.keyword)});
    }
    return result;
}

// A name may be meant so if it is percent-encoded. Zero-width joiners belong to names in Persian or Hindi,
// but to no host's.
hits invisible(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts) {
        auto const host = part.keyword == "host";
        auto const text = host ? value_of(part) : part.written;
        auto const spaces = {"\xEF\xBB\xBF", "\xC2\xA0", "\xE2\x80\x8B"};
        auto const joiners = {"\xE2\x80\x8C", "\xE2\x80\x8D"};
        auto const held = [&](auto const* bytes) { return contains(text, bytes); };
        if (std::any_of(spaces.begin(), spaces.end(), held) ||
            (host && std::any_of(joiners.begin(), joiners.end(), held)))
            result.push_back({{{"part", part_name(part.keyword)}}, weight_of(part.keyword)});
    }
    return result;
}

hits not_utf8(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts)
        if (!is_utf8(value_of(part)))
            result.push_back({{{"part", part_name(part.keyword)}},
                              part.keyword == "host" ? std::optional{refuse} : std::nullopt});
    return result;
}

hits delimiter(inspection const& i)
{
    return when(i.uri && i.uri->has_userinfo &&
                std::any_of(i.parts.begin(), i.parts.end(), [](auto const& part) {
                    return !part.parameter && (part.keyword == "user" || part.is_password()) &&
                           part.written.find_first_of("#?") != part.written.npos;
                }));
}

// "%40", and no bare "%" beside it. Only an escape of what has to be encoded counts.
bool escapes_delimiter(std::string const& text)
{
    constexpr auto delimiters = std::string_view{"@:/?#[]%&= +"};
    if (bad_escape(text))
        return false;
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1))
        if (contains(delimiters, static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]))))
            return true;
    return false;
}

// "%2540": an "@" that was encoded, and its "%" again. No token that is made of escapes before it is encoded
// counts: a "%2F" in one of Amazon RDS is right as "%252F".
hits encoded_twice(inspection const& i)
{
    for (auto const& part : i.parts)
        if (auto const& once = part.value.reveal();
            i.uri && !part.parameter && !contains(once, "X-Amz-") && escapes_delimiter(once))
            return when(true, {{"part", part_name(part.keyword)}});
    return {};
}

hits encoded_in_keywords(inspection const& i)
{
    return when(!i.uri && std::any_of(i.parts.begin(), i.parts.end(), [](auto const& part) {
        auto const& value = part.value.reveal();
        return part.is_password() && !contains(value, "X-Amz-") && escapes_delimiter(value);
    }));
}

// Before a quote or another backslash it escapes; before anything else it only gets lost.
hits backslash_dropped(inspection const& i)
{
    auto const drops = [](std::string_view written) {
        for (auto at = written.find('\\'); at != written.npos; at = written.find('\\', at + 2))
            if (at + 1 < written.size() && !contains(std::string_view{"'\\ "}, written[at + 1]))
                return true;
        return false;
    };
    return when(!i.uri && std::any_of(i.parts.begin(), i.parts.end(), [&](auto const& part) {
        return part.is_password() && drops(part.written);
    }));
}

} // namespace

std::span<rule const> character_rules()
{
    return table;
}

} // namespace schemagate::url
