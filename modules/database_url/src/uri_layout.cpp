#include "uri_layout.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "percent_code.hpp"

namespace schemagate::url {

namespace {

// Takes one [host][:port] off the front of `rest`, as far as "/", "?" or ",".
uri_host take_host(std::string_view& rest)
{
    auto part = uri_host{};
    auto const start = rest;
    auto const until = [&](std::string_view stops) {
        auto const piece = rest.substr(0, rest.find_first_of(stops));
        rest.remove_prefix(piece.size());
        return piece;
    };
    if (rest.starts_with('[')) {
        part.bracketed = true;
        rest.remove_prefix(1);
        auto const close = rest.find(']');
        if (close == rest.npos) {
            part.host = until("/?,");
            part.bracket_fault = true;
        }
        else {
            part.host = rest.substr(0, close);
            rest.remove_prefix(close + 1);
            part.bracket_fault =
                part.host.empty() || (!rest.empty() && !contains(std::string_view{":/?,"}, rest.front()));
            if (part.bracket_fault)
                until(":/?,");
        }
    }
    else {
        part.host = until(":/?,");
    }
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        part.port = until("/?,");
    }
    part.whole = start.substr(0, start.size() - rest.size());
    return part;
}

std::vector<uri_parameter> split_query(std::string_view query)
{
    auto result = std::vector<uri_parameter>{};
    while (!query.empty()) {
        auto const piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(piece.size() + 1, query.size()));
        auto const equals = piece.find('=');
        auto parameter = uri_parameter{};
        parameter.key = piece.substr(0, equals);
        if (equals != piece.npos) {
            parameter.value = piece.substr(equals + 1);
            parameter.well_formed = !contains(parameter.value, '=');
        }
        result.push_back(parameter);
    }
    return result;
}

} // namespace

std::size_t libpq_scheme(std::string_view text)
{
    for (auto const scheme : {std::string_view{"postgresql://"}, std::string_view{"postgres://"}})
        if (text.starts_with(scheme))
            return scheme.size();
    return 0;
}

uri_layout scan_uri_after(std::string_view text, std::size_t scheme_end)
{
    auto layout = uri_layout{};
    layout.scheme = text.substr(0, scheme_end);
    auto rest = text.substr(scheme_end);

    // libpq looks for the first "@" or "/", whichever comes first; "?", "#", "[" and ":" do not stop it.
    auto const stop = rest.find_first_of("@/");
    if (stop != rest.npos && rest[stop] == '@') {
        layout.has_userinfo = true;
        auto const userinfo = rest.substr(0, stop);
        auto const colon = userinfo.find(':');
        layout.user = userinfo.substr(0, colon);
        if (colon != userinfo.npos)
            layout.password = userinfo.substr(colon + 1);
        rest.remove_prefix(stop + 1);
    }

    auto const hosts = rest;
    layout.hosts.push_back(take_host(rest));
    while (rest.starts_with(',')) {
        rest.remove_prefix(1);
        layout.hosts.push_back(take_host(rest));
    }
    layout.authority = hosts.substr(0, hosts.size() - rest.size());

    if (rest.starts_with('/')) {
        rest.remove_prefix(1);
        layout.dbname = rest.substr(0, rest.find('?'));
        rest.remove_prefix(layout.dbname->size());
    }
    if (rest.starts_with('?')) {
        layout.query = rest.substr(1);
        layout.parameters = split_query(*layout.query);
    }
    return layout;
}

std::optional<uri_layout> scan_uri(std::string_view text)
{
    auto const end = libpq_scheme(text);
    if (end == 0)
        return std::nullopt;
    return scan_uri_after(text, end);
}

unsigned port_number(std::string_view text)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    if (text.empty() || !all(text, is_digit))
        return 0;
    while (text.size() > 1 && text.front() == '0')
        text.remove_prefix(1);
    if (text.size() > 5)
        return 0;
    auto number = 0U;
    for (auto const c : text)
        number = number * 10 + static_cast<unsigned>(c - '0');
    return number <= 65535 ? number : 0;
}

bool is_bare_ipv6(uri_host const& host)
{
    auto const plain = host.whole.substr(0, host.whole.find('%'));
    auto const colons = std::count(plain.begin(), plain.end(), ':'); // of eight groups, or around "::"
    return !host.bracketed && (colons >= 7 || (colons >= 2 && contains(plain, "::"))) &&
           all(plain, [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

bool ambiguous(uri_layout const& layout)
{
    if (contains(layout.authority, '@'))
        return true;
    // "tcp://10.0.0.1:5432" behind the "@", or a second scheme.
    if (layout.hosts.front().port == "" && layout.dbname.value_or("").starts_with('/'))
        return true;

    // "…p@ss/w@host/db": an "@" in the database's name is legal, but one before "/" or ":" looks like a host.
    auto const dbname = layout.dbname.value_or("");
    auto const at = dbname.rfind('@');
    if (at != dbname.npos && dbname.substr(at).find_first_of("/:") != dbname.npos)
        return true;
    // "…:pa@ss/w@db.example": so does one before a dot, or before the one name that every host has.
    if (at != dbname.npos && layout.password &&
        (contains(dbname.substr(at), '.') || dbname.substr(at) == "@localhost"))
        return true;
    if (layout.has_userinfo)
        return false;

    // No user at all, says libpq. Then a colon with something behind it that is no port is the one before a
    // password: of "app:S3c/ret@db", or of "app:S3cret/db", where the host was forgotten.
    auto names_user = false;
    auto names_port = false;
    for (auto const& parameter : layout.parameters) {
        names_user = names_user || parameter.key == "user";
        names_port = names_port || parameter.key == "port";
    }
    auto const unusable = [](uri_host const& host) {
        return host.port && !host.port->empty() && port_number(*host.port) == 0;
    };
    if (unusable(layout.hosts.front()) && !names_port)
        return true;
    auto const at_later = at != dbname.npos || contains(layout.query.value_or(""), '@');
    for (auto const& host : layout.hosts)
        if (at_later && host.port && (unusable(host) || (at != dbname.npos && !names_user)))
            return true;
    return false;
}

} // namespace schemagate::url
