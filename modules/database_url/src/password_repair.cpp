// The other reading: the password goes from the first ":" to the last "@". It is the only one if
//
//  - user, hosts and database around it look like such, so that none of them may be a piece of the password;
//  - no "/" stands between the first "@" and the last, where a host and a database would fit as well;
//  - no "@@" and no ",@" stands there: an abstract socket's name begins with "@";
//  - no "%" is in it: it may be escaped in part, or not at all;
//  - no "?" or "#" is before its end.
#include "password_repair.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "percent_code.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

namespace {

bool libpq_cannot_mean_it(uri_layout const& layout)
{
    if (layout.has_userinfo)
        return contains(layout.authority, '@');
    auto const& first = layout.hosts.front();
    auto const names_port = std::any_of(layout.parameters.begin(), layout.parameters.end(),
                                        [](auto const& one) { return one.key == "port"; });
    return first.port && !first.port->empty() && port_number(*first.port) == 0 && !names_port;
}

bool looks_like_host(uri_host const& host)
{
    auto const address = [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; };
    auto const named =
        host.bracketed ? !host.bracket_fault && all(host.host, address) : made_of_words(host.host, "_-.");
    return named && (!host.port || port_number(*host.port) != 0);
}

bool looks_like_rest(uri_layout const& rest)
{
    return std::all_of(rest.hosts.begin(), rest.hosts.end(), looks_like_host) && rest.dbname &&
           made_of_words(*rest.dbname, "_-.");
}

} // namespace

std::optional<secret> with_password_escaped(std::string const& text)
{
    auto const layout = scan_uri(text);
    if (!layout || !ambiguous(*layout) || !libpq_cannot_mean_it(*layout))
        return std::nullopt;
    auto const all_text = std::string_view{text};
    auto const body = all_text.substr(layout->scheme.size());
    auto const last = body.rfind('@');
    if (last == body.npos)
        return std::nullopt;
    auto const userinfo = body.substr(0, last);
    auto const between = body.substr(body.find('@'), last + 1 - body.find('@'));
    auto const colon = userinfo.find(':');
    if (colon == userinfo.npos || !made_of_words(userinfo.substr(0, colon), "_-.%") ||
        userinfo.find_first_of("?#") != userinfo.npos || contains(between, '/') || contains(between, "@@") ||
        contains(between, ",@"))
        return std::nullopt;
    auto const password = userinfo.substr(colon + 1);
    if (contains(password, '%') || !looks_like_rest(scan_uri_after(body.substr(last + 1), 0)))
        return std::nullopt;

    auto const escaped = secret{percent_encoded(password, "")};
    auto out = std::string{};
    out.reserve(text.size() + escaped.reveal().size());
    out += layout->scheme;
    out += userinfo.substr(0, colon + 1);
    out += escaped.reveal();
    out += body.substr(last);
    return secret{std::move(out)};
}

} // namespace schemagate::url
