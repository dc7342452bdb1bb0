// Redaction: masks by position, in every text, whether libpq takes it or not.
//
//  - A URI that reads one way only is shown part by part, with "***" for the password and for whatever does
//  not
//    look like what should stand there (a port that is no number, a database with an "@").
//  - Any other URI is masked from the first ":" to the last "@": however many of the "@", "/", "?" and "#" in
//    between belong to the password, it lies there. Without an "@", or with a parameter before it, only the
//    scheme is shown.
//  - A keyword/value string is shown from libpq's reading of it; one that libpq cannot read is "***".
//  - Once a password in the query was not well formed, the rest of the query may be a piece of it.
#include "schemagate/database_url.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "shown.hpp"
#include "uri_layout.hpp"

namespace schemagate {

namespace url {

namespace {

// The part as it was written if its decoded value may be shown, else the mask.
template <class Show>
std::string part(std::string_view written, Show show)
{
    auto const decoded = percent_decoded(written);
    if (!decoded || show(*decoded) == mask)
        return std::string{mask};
    return printable(written);
}

std::string host_list(uri_layout const& layout)
{
    auto result = std::string{};
    for (auto const& host : layout.hosts) {
        if (!result.empty() || &host != &layout.hosts.front())
            result += ',';
        auto const shown = part(host.host, shown_host);
        result += host.bracketed && !host.bracket_fault ? "[" + shown + "]" : shown;
        if (host.port)
            result += ":" + part(*host.port, shown_port);
    }
    return result;
}

std::string query(uri_layout const& layout)
{
    auto result = std::string{};
    auto after_secret = false;
    for (auto const& parameter : layout.parameters) {
        result += result.empty() ? "?" : "&";
        auto const keyword = percent_decoded(parameter.key);
        auto const known =
            keyword && (find_keyword(*keyword) || *keyword == "ssl" || *keyword == "requiressl");
        if (!parameter.well_formed || !keyword || (after_secret && !known))
            return result + std::string{mask};
        after_secret = after_secret || secret_keyword(*keyword);
        if (!known && !secret_keyword(*keyword) && !harmless_keyword(*keyword)) {
            result += mask;
            continue;
        }
        // What an unknown keyword means is not known either, so its value is not shown.
        result += printable(parameter.key) + "=";
        result += known ? part(parameter.value, [&](auto const& v) { return shown_value(*keyword, v); })
                        : std::string{mask};
    }
    return result;
}

std::string after_userinfo(uri_layout const& layout)
{
    auto result = host_list(layout);
    if (layout.dbname)
        result += "/" + part(*layout.dbname, shown_database);
    return result + query(layout);
}

bool reads_one_way(std::string_view text, uri_layout const& layout)
{
    auto const ats = std::count(text.begin(), text.end(), '@');
    auto const ports_usable = std::all_of(layout.hosts.begin(), layout.hosts.end(), [](auto const& host) {
        return !host.port || host.port->empty() || shown_port(*host.port) == *host.port;
    });
    // Without a userinfo, "host:123456" may be a user and a password whose "@host" was forgotten.
    auto const ports_possible = std::all_of(layout.hosts.begin(), layout.hosts.end(), [](auto const& host) {
        return !host.port || host.port->empty() || port_number(*host.port) != 0;
    });
    return ats == (layout.has_userinfo ? 1 : 0) && !bad_escape(text) && ports_usable &&
           (layout.has_userinfo || ports_possible);
}

// The scheme, if it is one that people really write, else "": another text before "://" may be anything.
std::string shown_scheme(std::string_view before)
{
    constexpr auto around = std::string_view{"\"'` \t\r\n\xEF\xBB\xBF\xC2\xA0"};
    auto const begin = before.find_first_not_of(around);
    auto const name = before.substr(begin == before.npos ? before.size() : begin);
    auto const known = {"postg",     "pg",    "psql",   "jdbc:",   "mysql", "mariadb",
                        "sqlserver", "mssql", "oracle", "mongodb", "redis", "sqlite",
                        "cockroach", "ecto",  "http",   "prisma",  "tcp",   "file"};
    auto const folded = lowered(name);
    auto const is_known =
        std::any_of(known.begin(), known.end(), [&](auto const* start) { return folded.starts_with(start); });
    if (!is_known || name.size() > 40 || !made_of_words(name, "+:_-"))
        return {};
    return printable(name) + "://";
}

std::string masked_to_last_at(std::string_view text, std::size_t scheme_end)
{
    auto const scheme = shown_scheme(text.substr(0, scheme_end - 3));
    if (scheme.empty())
        return std::string{mask};
    auto const at = text.rfind('@');
    if (at == text.npos || at < scheme_end)
        return scheme + "…";
    auto const before = text.substr(scheme_end, at - scheme_end);
    // "?password=S3c@ret": the last "@" is inside a value, and what follows it may be the rest of a password.
    auto const query = before.find_first_of("?&;");
    if (query != before.npos && contains(before.substr(query), '='))
        return scheme + "…";
    auto const colon = before.find(':');
    auto const user =
        colon == before.npos ? std::string{mask} : part(before.substr(0, colon), [](auto const& u) {
            return contains(u, '@') ? std::string{mask} : shown_user(u);
        });
    auto const tail = scan_uri_after(text.substr(at + 1), 0);
    return scheme + (user == mask ? user : user + ":" + std::string{mask}) + "@" + after_userinfo(tail);
}

std::string keyword_value(std::vector<connection_parameter> const& set)
{
    auto result = std::string{};
    for (auto const& [keyword, value] : set) {
        auto const shown = shown_value(keyword, value.reveal());
        auto const bare = !shown.empty() && shown.find_first_of(" '") == shown.npos;
        result += (result.empty() ? "" : " ") + keyword + "=" + (bare ? shown : "'" + shown + "'");
    }
    return result;
}

} // namespace

} // namespace url

std::string redact(std::string_view text)
{
    if (text.empty())
        return {};
    if (auto const layout = url::scan_uri(text)) {
        if (!url::reads_one_way(text, *layout))
            return url::masked_to_last_at(text, layout->scheme.size());
        auto result = std::string{layout->scheme};
        if (layout->has_userinfo) {
            result += url::part(layout->user, url::shown_user);
            result += layout->password ? ":***@" : "@";
        }
        return result + url::after_userinfo(*layout);
    }
    auto const held = secret{std::string{text}};
    if (auto const set = url::libpq_parse(held.reveal()))
        return url::keyword_value(*set);
    auto const scheme = text.find("://");
    if (scheme == text.npos)
        return std::string{url::mask};
    return url::masked_to_last_at(text, scheme + 3);
}

} // namespace schemagate
