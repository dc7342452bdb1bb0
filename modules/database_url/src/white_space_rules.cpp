// What surrounds a part's value: quotes, line ends, white space, comments, separators. libpq takes it as a
// piece of the value, though nobody meant it.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "part_weight.hpp"
#include "rule.hpp"

namespace schemagate::url {

namespace {

hits quote_at_end(inspection const& i);
hits carriage_return(inspection const& i);
hits newline(inspection const& i);
hits blank_at_end(inspection const& i);
hits blank_at_begin(inspection const& i);
hits blank_inside(inspection const& i);
hits blank_in_name(inspection const& i);
hits comment(inspection const& i);
hits separator(inspection const& i);
hits closing_mark(inspection const& i);
hits written_escape(inspection const& i);
hits backslash_at_end(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto without_newline =
    "Store the value without it: printf '%s' instead of echo (or echo -n, also before base64).";

constexpr auto table = std::array{
    rule{"quotes-around", refuse,
         "{name} ends with a quotation mark, which would belong to the {part}: docker --env-file, systemd "
         "and Kubernetes "
         "keep quotes as a part of the value.",
         "Remove the quotes around the value.", quote_at_end},
    rule{"carriage-return-at-end", refuse,
         "The {part} in {name} ends with a carriage return{effect}: its file was saved with Windows line "
         "ends.",
         "Save the file with Unix line ends (LF).", carriage_return},
    rule{"newline-at-end", refuse, "The {part} in {name} ends with a newline{effect}.", without_newline,
         newline},
    rule{"blank-at-end", refuse, "The {part} in {name} ends with white space{effect}.", without_newline,
         blank_at_end},
    rule{"blank-at-start", refuse, "The {part} in {name} begins with white space{effect}.", "Remove it.",
         blank_at_begin},
    rule{"comment-at-end", refuse,
         "A comment follows the value in {name}: docker --env-file and systemd keep it, and libpq takes it "
         "as a part of "
         "the {part}.",
         "Put the comment on a line of its own. A # that belongs to the value is written %23.", comment},
    rule{"separator-at-end", refuse, "The {part} in {name} ends with \"{what}\", which would belong to it.",
         "Remove it.", separator},
    rule{"separator-at-end", warn, "The {part} in {name} ends with \"{what}\", which would belong to it.",
         "Remove it, unless the database is called so.", closing_mark},
    rule{"escape-written-out", refuse,
         "The {part} in {name} ends with a backslash, as a line does that goes on in the next one: libpq "
         "takes "
         "it as a part of it.",
         "Remove it.", backslash_at_end},
    rule{"escape-written-out", refuse,
         "The {part} in {name} ends with {what}, a backslash and a letter, not the character that they stand "
         "for.",
         "Remove it; printf '%s' writes a value without an end of line.", written_escape},
    rule{"blank-unescaped", warn,
         "{name} has a space in its {part}: libpq 15 takes it as it is, libpq 18 refuses it.",
         "Write it as %20, or remove it.", blank_inside},
    rule{"space-in-name", warn, "The {part} in {name} has a space in it.",
         "Compare the name with the server's (\\l and \\du of psql). If it is right, nothing has to be done.",
         blank_in_name},
};

bool number(std::string_view keyword)
{
    return keyword == "connect_timeout" || keyword == "tcp_user_timeout" || keyword.starts_with("keepalives");
}

decltype(hit::words) about(text_part const& part)
{
    return {{"part", part_name(part.keyword)},
            {"effect", number(part.keyword) ? "" : ", which libpq takes as a part of it"}};
}

/// One hit for each part whose value passes the test.
template <class Test>
hits parts_that(inspection const& i, Test test)
{
    auto result = hits{};
    for (auto const& part : i.parts)
        if (!part.value.empty() && test(part))
            result.push_back({about(part), weight_of(part.keyword)});
    return result;
}

std::string_view value_of(text_part const& part)
{
    return part.value.reveal();
}

text_part const* last_part(inspection const& i)
{
    return i.parts.empty() || i.parts.back().value.empty() ? nullptr : &i.parts.back();
}

bool is_folder(text_part const& part)
{
    return part.keyword == "host" && value_of(part).starts_with('/');
}

// The white space at the end, of which the first byte that is no space tells what it is.
std::string_view blanks_at_end(text_part const& part)
{
    // Of a port libpq leaves it out; of a host that is looked up host_rules.cpp speaks.
    auto const elsewhere = part.keyword == "port" || (part.keyword == "host" && !is_folder(part));
    auto const value = elsewhere ? std::string_view{} : value_of(part);
    auto size = std::size_t{0};
    while (size < value.size() && is_blank(value[value.size() - 1 - size]))
        ++size;
    return value.substr(value.size() - size);
}

bool has_blank_inside(std::string_view text)
{
    auto const begin = std::find_if_not(text.begin(), text.end(), is_blank);
    auto const end = std::find_if_not(text.rbegin(), text.rend(), is_blank).base();
    return begin < end && std::any_of(begin, end, [](char c) { return c == ' '; });
}

hits quote_at_end(inspection const& i)
{
    auto const* const last = i.uri ? last_part(i) : nullptr;
    auto const quotes = {"\"",           "'",       "`", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x98",
                         "\xE2\x80\x99", "\xC2\xBB"};
    auto const closes = [&](auto const* one) { return last->written.ends_with(one); };
    if (!last || std::none_of(quotes.begin(), quotes.end(), closes) || value_of(*last).size() < 2 ||
        value_of(*last).front() == value_of(*last).back())
        return {};
    return when(exact(last->keyword) || last->keyword == "port", {{"part", part_name(last->keyword)}});
}

hits carriage_return(inspection const& i)
{
    return parts_that(i, [](auto const& part) { return contains(blanks_at_end(part), '\r'); });
}

hits newline(inspection const& i)
{
    return parts_that(i, [](auto const& part) {
        auto const end = blanks_at_end(part);
        return contains(end, '\n') && !contains(end, '\r');
    });
}

// A space at the end of a password may be meant, and so may one that somebody took the trouble to encode.
hits blank_at_end(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts) {
        auto const end = blanks_at_end(part);
        auto const raw = i.uri && !part.written.empty() && is_blank(part.written.back());
        if (end.empty() || end.find_first_of("\r\n") != end.npos)
            continue;
        result.push_back(
            {about(part), raw || part.keyword == "host" ? weight_of(part.keyword) : std::optional{warn}});
    }
    return result;
}

hits blank_at_begin(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts) {
        auto const value = value_of(part);
        if (value.empty() || !is_blank(value.front()) || all(value, is_blank) || part.keyword == "port" ||
            part.keyword == "host")
            continue;
        result.push_back({about(part), !part.escaped() && exact(part.keyword) ? refuse : warn});
    }
    return result;
}

hits blank_inside(inspection const& i)
{
    if (!i.uri)
        return {}; // white space separates there, and quotes hold it together
    auto result = hits{};
    for (auto const& part : i.parts)
        if (part.keyword == "port" ? std::any_of(part.written.begin(), part.written.end(), is_blank)
                                   : part.keyword != "host" && has_blank_inside(part.written))
            result.push_back({{{"part", part_name(part.keyword)}}});
    return result;
}

hits blank_in_name(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts)
        if ((part.keyword == "user" || part.keyword == "dbname") && has_blank_inside(value_of(part)) &&
            (!i.uri || !has_blank_inside(part.written)))
            result.push_back({{{"part", part_name(part.keyword)}}});
    return result;
}

hits comment(inspection const& i)
{
    auto const* const last = i.uri ? last_part(i) : nullptr;
    if (!last || last->is_password())
        return {};
    for (auto const* const mark : {" #", "\t#", " //", " --"})
        if (contains(last->written, mark))
            return {{{{"part", part_name(last->keyword)}}, weight_of(last->keyword)}};
    return {};
}

hits separator(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts) {
        if (part.value.empty() || !contains(std::string_view{",;"}, part.written.back()) ||
            (i.uri && (&part != last_part(i) && part.keyword != "dbname")) || (i.uri && part.is_password()) ||
            (part.keyword == "host" && !is_folder(part)) || part.keyword == "port" ||
            part.keyword == "hostaddr")
            continue; // an empty host of a list: endpoint_rules.cpp
        result.push_back(
            {{{"what", part.written.back() == ',' ? "," : ";"}, {"part", part_name(part.keyword)}},
             weight_of(part.keyword)});
    }
    return result;
}

// The end of a sentence's brackets, or of a table's cell.
hits closing_mark(inspection const& i)
{
    auto const* const last = i.uri ? last_part(i) : nullptr;
    if (!last || last->keyword != "dbname" || contains(last->written, '(') ||
        !contains(std::string_view{")|"}, last->written.back()))
        return {};
    return when(true, {{"part", part_name(last->keyword)}, {"what", std::string{last->written.back()}}});
}

hits backslash_at_end(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts)
        if (i.uri && !part.is_password() && part.keyword != "port" && part.written.ends_with('\\'))
            result.push_back({{{"part", part_name(part.keyword)}}, weight_of(part.keyword)});
    return result;
}

hits written_escape(inspection const& i)
{
    auto result = hits{};
    for (auto const& part : i.parts)
        for (auto const* const escape : {"\\n", "\\r", "\\t"})
            if (value_of(part).ends_with(escape)) {
                result.push_back({{{"part", part_name(part.keyword)}, {"what", escape}},
                                  part.keyword == "port" ? std::optional{refuse} : weight_of(part.keyword)});
                break;
            }
    return result;
}

} // namespace

std::span<rule const> white_space_rules()
{
    return table;
}

} // namespace schemagate::url
