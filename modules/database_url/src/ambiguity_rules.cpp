// A URI whose parts cannot be told apart without a guess: libpq would send a piece of the password elsewhere.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "inspection.hpp"
#include "rule.hpp"

namespace schemagate::url {

namespace {

hits scheme_twice(inspection const& i);
hits several_urls(inspection const& i);
hits slash_too_many(inspection const& i);
hits iam_token(inspection const& i);
hits iam_user(inspection const& i);
hits azure_user(inspection const& i);
hits query_in_password(inspection const& i);
hits at_in_password(inspection const& i);
hits instance_first(inspection const& i);
hits bare_ipv6(inspection const& i);
hits service_link(inspection const& i);
hits first_port(inspection const& i);
hits url_as_host(inspection const& i);
hits slash_in_password(inspection const& i);

constexpr auto refuse = severity::refuse;

// The most telling first; one answer is enough.
constexpr auto table = std::array{
    rule{"scheme-twice", refuse, "{name} begins with its scheme twice, {scheme}://{scheme}://.",
         "Write the scheme once: postgresql://USER:PASSWORD@HOST:5432/DATABASE", scheme_twice},
    rule{"several-urls", refuse, "{name} holds more than one URL; libpq takes all of it for one.",
         "Keep one URL, and nothing else.", several_urls},
    rule{"scheme-slash-extra", refuse,
         "{name} begins with three slashes after its scheme: libpq reads no user, no password and no host "
         "then, and takes all of it for the database.",
         "Write two: postgresql://USER:PASSWORD@HOST:5432/DATABASE", slash_too_many},
    rule{"iam-token-unescaped", refuse,
         "{name} holds an IAM token of Amazon RDS as it is: its / ? & and = end the parts of a URL.",
         "Percent-encode the token. It lives 15 minutes, so fetch it at start instead of storing it.",
         iam_token},
    rule{"iam-user-unescaped", refuse,
         "{name} has an @ in its user, as Cloud SQL's IAM users have: libpq would end the user there and "
         "look for the "
         "rest as a host.",
         "Write the user as NAME%40PROJECT.iam: postgresql://NAME%40PROJECT.iam@HOST:5432/DATABASE",
         iam_user},
    rule{"azure-user", refuse,
         "{name} has an @ in its user, as Azure's single server asks for: libpq would end the user there and "
         "look for "
         "the rest as a host.",
         "Write the user as NAME%40SERVER.", azure_user},
    rule{"service-link-port", refuse,
         "{name} must have a port, or be a Unix socket: its host or port is the URL of a Kubernetes service "
         "link.",
         "Kubernetes sets NAME_PORT to tcp://… for a service of that name: call your own variable "
         "differently, or set "
         "enableServiceLinks: false.",
         service_link},
    rule{"password-has-query", refuse,
         "{name} holds parameters before its last @: libpq would take all of it for a user and a password, "
         "and look "
         "for a host behind the @.",
         "Write an @ in the value of a parameter as %40, and an & or ? in the password as %26 and %3F.",
         query_in_password},
    rule{"password-has-at", refuse,
         "{name} has more than one @ before its host: libpq would end the password at the first and look for "
         "a host "
         "that begins with the rest of it.",
         "Write each @ that belongs to the password as %40.", at_in_password},
    rule{"socket-slash-missing", refuse,
         "{name} must have a port, or be a Unix socket: the name of a Cloud SQL instance, "
         "PROJECT:REGION:INSTANCE, "
         "stands where libpq asks for HOST:PORT.",
         "Write the socket's folder as a parameter: "
         "postgresql://USER:***@/DATABASE?host=/cloudsql/PROJECT:REGION:INSTANCE.",
         instance_first},
    rule{"ipv6-brackets", refuse,
         "{name} must have a port, or be a Unix socket: it has an IPv6 address without brackets, so libpq "
         "ends the "
         "host at the first colon.",
         "Write the address in brackets: [2001:db8::17]:5432.", bare_ipv6},
    rule{"port-invalid", refuse,
         "{name} must have a port, or be a Unix socket: what follows its first colon is not a number from 1 "
         "to "
         "65535.",
         "If that is a port, write HOST:5432. If a user and a password stand before the /, the @HOST is "
         "missing: "
         "USER:PASSWORD@HOST:5432.",
         first_port},
    rule{"url-in-host", refuse, "{name} has a URL where a host is asked for.",
         "Write the host's name alone: postgresql://USER:PASSWORD@HOST:5432/DATABASE", url_as_host},
    rule{"password-has-slash", refuse,
         "{name} has a / before its last @: libpq ends user, password and host at the first / and would take "
         "a piece "
         "of the password for a host, a port or a database.",
         "Write each / that belongs to the password as %2F (and an @ as %40). An @ that belongs to the "
         "database's name "
         "is written %40 too.",
         slash_in_password},
};

hits scheme_twice(inspection const& i)
{
    auto const rest = std::string_view{i.text}.substr(i.uri->scheme.size());
    auto const end = rest.find("://");
    if (end == rest.npos)
        return {};
    auto const second = rest.substr(0, end);
    return when(second == "postgresql" || second == "postgres", {{"scheme", std::string{second}}});
}

hits several_urls(inspection const& i)
{
    for (auto const* const scheme : {"postgresql://", "postgres://"})
        for (auto const* const before : {"\n", " ", ",", ";"})
            if (contains(std::string_view{i.text}.substr(1), before + std::string{scheme}))
                return when(true);
    return {};
}

hits slash_too_many(inspection const& i)
{
    auto const dbname = i.uri->dbname.value_or("");
    auto const userinfo = dbname.substr(0, dbname.find('@'));
    return when(i.uri->authority.empty() && !i.uri->has_userinfo && userinfo.size() < dbname.size() &&
                !contains(userinfo, '/'));
}

hits iam_token(inspection const& i)
{
    return when(contains(i.text, "Action=connect") &&
                (contains(i.text, "DBUser=") || contains(i.text, "X-Amz-")));
}

hits iam_user(inspection const& i)
{
    auto const before = i.uri->authority.substr(0, i.uri->authority.find_first_of("@:"));
    return when(i.uri->has_userinfo && contains(i.uri->authority, '@') &&
                (before.ends_with(".iam") || before.ends_with(".iam.gserviceaccount.com")));
}

// "admin@server:…@server.postgres.database.azure.com": libpq ends the user at the first "@".
hits azure_user(inspection const& i)
{
    auto const& uri = *i.uri;
    return when(uri.has_userinfo && !uri.password && contains(uri.authority, ".database.azure.com") &&
                contains(uri.authority, ':'));
}

hits query_in_password(inspection const& i)
{
    return when(password_holds_query(*i.uri));
}

hits at_in_password(inspection const& i)
{
    return when(contains(i.uri->authority, '@'));
}

// No "@" at all, and what follows the first colon is no port.
bool without_at(inspection const& i)
{
    return !i.uri->has_userinfo && i.text.find('@', i.uri->scheme.size()) == i.text.npos;
}

hits instance_first(inspection const& i)
{
    return when(without_at(i) && names_cloudsql_instance(i.uri->hosts.front().whole));
}

hits bare_ipv6(inspection const& i)
{
    return when(without_at(i) && is_bare_ipv6(i.uri->hosts.front()));
}

hits service_link(inspection const& i)
{
    auto const tcp = [](std::string_view text) {
        return text == "tcp" || text == "udp" || text.starts_with("tcp:") || text.starts_with("udp:");
    };
    auto const& host = i.uri->hosts.front();
    return when((without_at(i) && tcp(host.port.value_or(""))) ||
                (tcp(host.host) && host.port && host.port->empty() && i.uri->dbname &&
                 i.uri->dbname->starts_with('/')));
}

hits first_port(inspection const& i)
{
    return when(without_at(i));
}

// "…@http://db:5432/shop": the "@" ended the password, and what follows begins with a scheme.
hits url_as_host(inspection const& i)
{
    auto const& host = i.uri->hosts.front();
    auto const scheme = {"http", "https", "postgresql", "postgres", "jdbc"};
    return when(i.uri->has_userinfo && host.port == "" && i.uri->dbname.value_or("").starts_with('/') &&
                std::find(scheme.begin(), scheme.end(), host.host) != scheme.end());
}

hits slash_in_password(inspection const& /*i*/)
{
    return when(true);
}

} // namespace

std::span<rule const> ambiguity_rules()
{
    return table;
}

} // namespace schemagate::url
