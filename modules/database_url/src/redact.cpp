// Redaction masks by position, in every text, whether libpq takes it or not.
//
//  - A URI is shown part by part, with "***" for the password, for every part that may have caught a piece of
//  it
//    (doubt.hpp), and for whatever does not look like what should stand there.
//  - A keyword/value string is shown from libpq's reading of it.
//  - Of anything else only the scheme is shown, if it is one that people really write.
#include "schemagate/database_url.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "doubt.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "redaction.hpp"
#include "shown.hpp"

namespace schemagate {

namespace url {

namespace {

// The part as it was written if its decoded value may be shown, else the mask.
template <class Show>
std::string part(bool hidden, std::string_view written, Show show)
{
    auto const decoded = percent_decoded(written);
    if (hidden || !decoded || show(*decoded) == mask)
        return std::string{mask};
    return printable(written);
}

std::string host_list(uri_layout const& layout, hidden_parts const& hidden)
{
    auto result = std::string{};
    for (auto const& host : layout.hosts) {
        if (&host != &layout.hosts.front())
            result += ',';
        auto const shown = part(hidden.hosts, host.host, shown_host);
        result += host.bracketed && !host.bracket_fault ? "[" + shown + "]" : shown;
        if (host.port)
            result += ":" + part(hidden.ports, *host.port, shown_port);
    }
    return result;
}

// Parts that a keyword names are sure to be no password, unless they repeat it.
bool hides_value(hidden_parts const& hidden, std::string_view keyword)
{
    return hidden_parts{false, false, false, false, hidden.values}.hides(keyword);
}

std::string query(uri_layout const& layout, hidden_parts const& hidden)
{
    auto result = std::string{};
    for (auto const& parameter : layout.parameters) {
        result += result.empty() ? "?" : "&";
        auto const keyword = percent_decoded(parameter.key).value_or("");
        // What an unknown keyword means is not known, so its value is not shown, and its name neither.
        if (!find_keyword(keyword) && keyword != "ssl" && keyword != "requiressl") {
            result += mask;
            continue;
        }
        result += printable(parameter.key) + "=" +
                  part(hides_value(hidden, keyword), parameter.value,
                       [&](auto const& v) { return shown_value(keyword, v); });
    }
    return result;
}

// The scheme, if it is one that people really write, else "": another text before "://" may be anything.
std::string shown_scheme(std::string_view before)
{
    constexpr auto around = std::string_view{"\"'`\\ \t\r\n\xEF\xBB\xBF\xC2\xA0"};
    auto const begin = before.find_first_not_of(around);
    auto const name = before.substr(begin == before.npos ? before.size() : begin);
    auto const known = {"postg",     "pg",    "psql",   "jdbc:",   "r2dbc:", "mysql",  "mariadb",
                        "sqlserver", "mssql", "oracle", "mongodb", "redis",  "sqlite", "cockroach",
                        "ecto",      "http",  "prisma", "tcp",     "file"};
    auto const folded = lowered(name);
    auto const is_known =
        std::any_of(known.begin(), known.end(), [&](auto const* start) { return folded.starts_with(start); });
    return is_known && name.size() <= 20 && made_of_words(name, "+:_-") ? printable(name) + "://"
                                                                        : std::string{};
}

std::string shown_uri(std::string_view text, std::size_t scheme_end, hidden_parts const& hidden)
{
    auto const scheme = shown_scheme(text.substr(0, scheme_end - 3));
    auto const layout = scan_uri_after(text, scheme_end);
    if (scheme.empty() || hidden == hidden_parts::all())
        return scheme + std::string{mask};
    auto result = scheme;
    if (layout.has_userinfo) {
        result += part(hidden.user, layout.user, shown_user);
        result += layout.password ? ":***@" : "@";
    }
    result += host_list(layout, hidden);
    if (layout.dbname)
        result += "/" + part(hidden.dbname, *layout.dbname, shown_database);
    return result + query(layout, hidden);
}

std::string shown_keywords(std::vector<connection_parameter> const& set, hidden_parts const& hidden)
{
    auto result = std::string{};
    for (auto const& [keyword, value] : set) {
        auto const shown =
            hides_value(hidden, keyword) ? std::string{mask} : shown_value(keyword, value.reveal());
        auto const bare = !shown.empty() && shown.find_first_of(" '") == shown.npos;
        result += (result.empty() ? "" : " ") + keyword + "=" + (bare ? shown : "'" + shown + "'");
    }
    return result;
}

std::size_t scheme_end(std::string_view text)
{
    auto const scheme = text.find("://");
    return scheme == text.npos ? 0 : scheme + 3;
}

} // namespace

std::string redacted(std::string_view text, hidden_parts const& hidden)
{
    if (text.empty())
        return {};
    if (libpq_scheme(text) == 0) {
        auto const held = secret{std::string{text}};
        if (auto const set = libpq_parse(held.reveal()))
            return hidden == hidden_parts::all() ? std::string{mask} : shown_keywords(*set, hidden);
    }
    auto const end = scheme_end(text);
    return end == 0 ? std::string{mask} : shown_uri(text, end, hidden);
}

} // namespace url

std::string redact(std::string_view text)
{
    if (auto const end = url::scheme_end(text); end != 0 && !url::contains(text.substr(0, end), '=')) {
        auto const layout = url::scan_uri_after(text, end);
        return url::redacted(text, url::hidden_in(text, layout, url::parts_of(layout)));
    }
    return url::redacted(text, url::hidden_in(url::parts_of(url::scan_keywords(text))));
}

} // namespace schemagate
