// Bytes that slipped into a URI: what libpq takes as a part of a value, though nobody meant it.
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// The part in which the text ends, as a keyword of libpq.
struct last_part
{
    std::string_view keyword;
    std::string_view written;
};

last_part end_of(uri_layout const& uri)
{
    if (!uri.parameters.empty())
        return {uri.parameters.back().key, uri.parameters.back().value};
    if (uri.dbname)
        return {"dbname", *uri.dbname};
    auto const& host = uri.hosts.back();
    return host.port ? last_part{"port", *host.port} : last_part{"host", host.host};
}

// White space or a quote at the end of these makes another value of them; of the others it does no harm, or
// (a password) it may be meant.
bool exact(std::string_view keyword)
{
    constexpr auto keywords = std::array<std::string_view, 9>{
        "host",       "hostaddr", "user", "dbname", "sslmode", "target_session_attrs", "channel_binding",
        "gssencmode", "service"};
    for (auto const one : keywords)
        if (keyword == one)
            return true;
    return false;
}

std::string_view part_name(std::string_view keyword)
{
    return keyword == "dbname" ? std::string_view{"database"} : keyword;
}

void judge_end(inspection& i)
{
    auto const last = end_of(*i.uri);
    if (last.written.empty())
        return;
    auto const end = last.written.back();
    auto const part = std::string{part_name(last.keyword)};
    if (end == '"' || end == '\'' || end == '`') {
        if (exact(last.keyword) || last.keyword == "port")
            i.refuse("quotes-around",
                     i.name + " ends with a quotation mark, which would belong to the " + part +
                         ": docker --env-file, systemd and Kubernetes keep quotes as a part of the value.",
                     "Remove the quotes around the value.");
        return;
    }
    if (!is_blank(end))
        return;
    auto const newline = end == '\n';
    auto const windows = contains(last.written, '\r');
    auto const* const code = windows ? "carriage-return-at-end" : newline ? "newline-at-end" : "blank-at-end";
    auto const message = i.name + " ends with " +
                         (windows   ? "a carriage return: its file was saved with Windows line ends"
                          : newline ? "a newline"
                                    : "white space") +
                         ", which libpq takes as a part of the " + part + ".";
    auto const fix = std::string{windows ? "Save the file with Unix line ends (LF)."
                                         : "Store the value without it: printf '%s' instead of echo (or echo "
                                           "-n, also before base64)."};
    if (exact(last.keyword))
        i.refuse(code, message, fix);
    else
        i.warn(code, message, fix);
}

bool blank_inside(std::string_view written)
{
    while (!written.empty() && is_blank(written.back()))
        written.remove_suffix(1); // judge_end's
    for (auto const c : written)
        if (is_blank(c))
            return true;
    return false;
}

void judge_blanks(inspection& i)
{
    auto const& uri = *i.uri;
    auto found = std::string_view{};
    if (blank_inside(uri.user) || blank_inside(uri.password.value_or("")))
        found = "user or password";
    for (auto const& host : uri.hosts) // in a host: judge_ways
        if (blank_inside(host.port.value_or("")))
            found = "port";
    if (blank_inside(uri.dbname.value_or("")))
        found = "database";
    for (auto const& parameter : uri.parameters)
        if (blank_inside(parameter.value))
            found = "value of a parameter";
    if (!found.empty())
        i.warn("blank-unescaped",
               i.name + " has a blank in its " + std::string{found} +
                   ": libpq 15 takes it as it is, libpq 18 refuses it.",
               "Write it as %20, or remove it.");
}

void judge_invisible(inspection& i)
{
    auto const holds = [](std::string_view written) {
        for (auto const* bytes : {"\xEF\xBB\xBF", "\xC2\xA0", "\xE2\x80\x8B"})
            if (contains(written, bytes))
                return true;
        return false;
    };
    // Zero-width joiners belong to names in Persian or Hindi, but to no host's.
    auto const joins = [](std::string_view written) {
        return contains(written, "\xE2\x80\x8C") || contains(written, "\xE2\x80\x8D");
    };
    auto const& uri = *i.uri;
    auto const* found = holds(uri.user) ? "user" : holds(uri.dbname.value_or("")) ? "database" : nullptr;
    if (holds(uri.authority) || joins(uri.authority))
        found = "host";
    if (found)
        i.refuse("invisible-character",
                 i.name +
                     " has an invisible character (a no-break or zero-width space, or a byte order mark) "
                     "in its " +
                     found + ".",
                 std::string{"Type the "} + found +
                     " anew instead of copying it. If it is meant, percent-encode it.");
}

void judge_password(inspection& i)
{
    auto const doubtful = [](std::string_view written) {
        return contains(written, '#') || contains(written, '?');
    };
    if (doubtful(i.uri->user) || doubtful(i.uri->password.value_or("")))
        i.warn("delimiter-unescaped",
               i.name +
                   " has an unescaped # or ? in its user or password: libpq reads it as it is meant, most "
                   "other programs do not.",
               "Write # as %23 and ? as %3F.");
}

bool looks_encoded_twice(std::string_view written)
{
    for (auto at = written.find("%25"); at != written.npos; at = written.find("%25", at + 3))
        if (at + 4 < written.size() && hex_value(written[at + 3]) >= 0 && hex_value(written[at + 4]) >= 0)
            return true;
    return false;
}

void judge_encoding(inspection& i)
{
    auto const& uri = *i.uri;
    if (looks_encoded_twice(uri.user) || looks_encoded_twice(uri.password.value_or("")) ||
        looks_encoded_twice(uri.authority) || looks_encoded_twice(uri.dbname.value_or("")))
        i.warn("encoded-twice",
               i.name + " looks percent-encoded twice: it has %25 before two hexadecimal digits.",
               "If a %40 there was meant to be an @, encode the plain value once. Otherwise ignore this.");
}

} // namespace

void judge_characters(inspection& i)
{
    if (!i.uri) // in keyword/value form white space separates, and quotes are quotes
        return;
    judge_end(i);
    judge_invisible(i);
    judge_blanks(i);
    judge_password(i);
    judge_encoding(i);
}

} // namespace schemagate::url
