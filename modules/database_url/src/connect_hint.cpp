// The hint that belongs to a failed attempt to connect: the SQLSTATE decides where there is one; else libpq's
// text, which is only searched and never quoted. A translated text gives no hint.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "schemagate/database_url.hpp"

#include "ascii.hpp"
#include "shown.hpp"

namespace schemagate {

namespace url {

namespace {

struct attempt
{
    connection_settings const& settings;
    place const& where;
    std::string_view text;

    template <class Test>
    [[nodiscard]] endpoint const* first(Test test) const
    {
        auto const found = std::find_if(settings.endpoints.begin(), settings.endpoints.end(), test);
        return found == settings.endpoints.end() ? nullptr : &*found;
    }
};

bool is_socket(endpoint const& one)
{
    return one.transport == transport::socket;
}
bool is_cloudsql(endpoint const& one)
{
    return one.host.starts_with("/cloudsql");
}

bool is_loopback(endpoint const& one)
{
    return one.host == "localhost" || one.host == "::1" || one.host.starts_with("127.");
}

// RFC 1918, and unique local IPv6 addresses.
bool is_private(endpoint const& one)
{
    auto const& host = one.host;
    if (!host.empty() && all(host, [](char c) { return is_digit(c) || c == '.'; })) {
        auto const second = host.starts_with("172.") ? std::atoi(host.c_str() + 4) : 0;
        return host.starts_with("10.") || host.starts_with("192.168.") || (second >= 16 && second <= 31);
    }
    return contains(host, ':') && (host.starts_with("fd") || host.starts_with("fc"));
}

bool is_cloud_run(place const& where)
{
    return describe(where).starts_with("Cloud Run");
}

std::string user_of(attempt const& a)
{
    return "\"" + shown_user(a.settings.user) + "\"";
}
std::string database_of(attempt const& a)
{
    return "\"" + shown_database(a.settings.dbname) + "\"";
}

std::string password_refused(attempt const& a)
{
    return "The server does not take this password for the user " + user_of(a) +
           ". If it holds a $, a shell or compose may have eaten it: single-quote it in the shell, write $$ "
           "in "
           "compose, or %24 in the URL. If it holds other special characters, they must be percent-encoded.";
}

std::string password_absent(attempt const&)
{
    return "The server asks for a password, and none is set: write it into the URL after the user "
           "(postgresql://USER:PASSWORD@…, percent-encoded), or provide PGPASSWORD or a passfile with mode "
           "0600.";
}

std::string not_admitted(attempt const& a)
{
    if (contains(a.text, "no encryption") || contains(a.text, "SSL off"))
        return "The server admits this user only with TLS: write ?sslmode=require (or verify-full).";
    return "No line of the server's pg_hba.conf admits the user " + user_of(a) + " to the database " +
           database_of(a) + " from this address: add one, or compare user, database and address with it.";
}

std::string role_missing(attempt const& a)
{
    return "The server has no user " + user_of(a) + ": CREATE ROLE it, or correct the user in the URL.";
}

std::string not_authorised(attempt const& a)
{
    return contains(a.text, "does not exist") ? role_missing(a) : not_admitted(a);
}

std::string database_missing(attempt const& a)
{
    return "The server has no database " + database_of(a) +
           ": CREATE DATABASE it, or correct the name after the last / of the URL.";
}

std::string too_many(attempt const&)
{
    return "All connections of the server are in use: this will be tried again. If it lasts, lower the pools "
           "of "
           "the clients, raise max_connections, or put a pooler in between.";
}

std::string starting_up(attempt const&)
{
    return "The server is starting, stopping or recovering; this will be tried again.";
}

std::string pooler_refused(attempt const&)
{
    return "A pooler refuses a startup parameter: drop options=… from the URL, let the pooler ignore it "
           "(PgBouncer: ignore_startup_parameters), or name a way past the pooler in MIGRATION_DATABASE_URL.";
}

std::string no_tls(attempt const& a)
{
    return "The server has no TLS, but sslmode is " + printable(a.settings.sslmode) +
           ": turn TLS on there. Write sslmode=disable only for a server on this machine or in a network you "
           "own.";
}

std::string certificate_refused(attempt const& a)
{
    if (contains(a.text, "does not match host name"))
        return "The server's certificate is for another host name: connect by the name that is in it, or use "
               "sslmode=verify-ca where the provider's certificates name no host (Cloud SQL).";
    return "The server's certificate was not signed by the root certificate in use: name the provider's own "
           "with sslrootcert=/PATH/root.crt.";
}

std::string root_certificate_missing(attempt const& a)
{
    return "sslmode=" + printable(a.settings.sslmode) +
           " needs the provider's root certificate in the image: name it with sslrootcert=/PATH/root.crt.";
}

std::string name_unknown(attempt const& a)
{
    auto const* const one = a.first([](auto const& e) { return !is_socket(e); });
    auto const host = one ? shown_host(one->host) : std::string{"the host"};
    auto const ends = [&](std::string_view suffix) { return one && one->host.ends_with(suffix); };
    if (ends(".railway.internal"))
        return host + " resolves only inside Railway: use DATABASE_PUBLIC_URL elsewhere.";
    if (ends(".svc") || ends(".svc.cluster.local"))
        return host + " resolves only inside its Kubernetes cluster: compare the namespace, or port-forward.";
    if (ends(".flycast") || ends(".internal"))
        return host + " is an internal name: it resolves only inside the provider's own network.";
    if (one && one->host.starts_with("dpg-") && !contains(one->host, '.'))
        return host + " resolves only inside Render, in its region: use the external database URL elsewhere.";
    if (one && !contains(one->host, '.'))
        return "The name " + host +
               " is not known here: in compose it must be a service's name on a shared "
               "network, in Kubernetes a service of this namespace (else NAME.NAMESPACE).";
    return "The name " + host + " is not known to the DNS here: correct it, or use the server's address.";
}

std::string unreachable(attempt const& a)
{
    if (auto const* const one = a.first(is_private)) {
        auto const target = shown_host(one->host) + ":" + shown_port(one->port);
        auto const begin = "No route or no answer from the private address " + target;
        if (!is_cloud_run(a.where))
            return begin + ": this process must be in the same network (VPC, VPN or peering), and a firewall "
                           "must admit it.";
        auto const job = describe(a.where) == "Cloud Run job";
        auto result = begin + ": a Cloud Run " + (job ? "job" : "service") +
                      " reaches it only through the VPC. Set it up: gcloud run " +
                      (job ? "jobs" : "services") +
                      " update NAME --network=NETWORK --subnet=SUBNET --vpc-egress=private-ranges-only (or "
                      "--vpc-connector=CONNECTOR).";
        if (a.where.kind_of("/cloudsql") == file_kind::folder)
            result += " /cloudsql is mounted here, so postgresql://USER:***@/DATABASE?host=/cloudsql/"
                      "PROJECT:REGION:INSTANCE would work without.";
        return result;
    }
    auto const* const ipv6 =
        a.first([](auto const& e) { return e.host.starts_with("db.") && e.host.ends_with(".supabase.co"); });
    if (ipv6 || contains(a.text, "Network is unreachable"))
        return "There is no route from here; often the host has an IPv6 address only, and this place has no "
               "IPv6 "
               "(Supabase: use the session pooler).";
    return "No answer: a firewall drops the packets, or the address is wrong. Admit this process's address "
           "on the "
           "server's side (authorised networks, security group).";
}

std::string refused(attempt const& a)
{
    if (a.first(is_socket))
        return "The socket is there, but nobody listens: the server or its proxy is not running, or still "
               "starting.";
    auto const* const loopback = a.first(is_loopback);
    if (loopback && is_container(a.where))
        return shown_host(loopback->host) + " is this container itself: use the database's own name (in "
                                            "compose, its service's name), or check "
                                            "that the proxy sidecar is running.";
    return "Nobody listens at " + a.settings.where() +
           ": the server is not running, listens elsewhere (listen_addresses, port), or is still starting.";
}

std::string socket_absent(attempt const& a)
{
    if (a.first(is_cloudsql))
        return "The Cloud SQL socket is not there: attach the instance (gcloud run … "
               "--set-cloudsql-instances), "
               "give the service account roles/cloudsql.client, or use TCP to the private address.";
    return "The socket is not there: the server is not running, uses another folder "
           "(unix_socket_directories) or "
           "another port, or its folder is not mounted here.";
}

std::string socket_forbidden(attempt const&)
{
    return "This process's account may not open the socket: give it the right to enter the folder and to "
           "write "
           "to the socket.";
}

struct hint
{
    std::string_view sqlstate; ///< "" for none
    std::string_view part;     ///< of libpq's text; "" if the SQLSTATE says it all
    std::string (*say)(attempt const&);
};

// The narrower before the wider.
constexpr auto hints = std::array{
    hint{"28P01", "", password_refused},
    hint{"28000", "", not_authorised},
    hint{"3D000", "", database_missing},
    hint{"53300", "", too_many},
    hint{"57P03", "", starting_up},
    hint{"", "unsupported startup parameter", pooler_refused},
    hint{"", "password authentication failed", password_refused},
    hint{"", "no password supplied", password_absent},
    hint{"", "no pg_hba.conf entry", not_admitted},
    hint{"", "too many clients", too_many},
    hint{"", "too many connections", too_many},
    hint{"", "remaining connection slots", too_many},
    hint{"", "the database system is", starting_up},
    hint{"", "server does not support SSL", no_tls},
    hint{"", "root certificate file", root_certificate_missing},
    hint{"", "certificate verify failed", certificate_refused},
    hint{"", "does not match host name", certificate_refused},
    hint{"", "could not translate host name", name_unknown},
    hint{"", "Name or service not known", name_unknown},
    hint{"", "timeout expired", unreachable},
    hint{"", "timed out", unreachable},
    hint{"", "No route to host", unreachable},
    hint{"", "Network is unreachable", unreachable},
    hint{"", "Connection refused", refused},
    hint{"", "No such file or directory", socket_absent},
    hint{"", "Permission denied", socket_forbidden},
};

} // namespace

} // namespace url

std::string connect_hint(connection_settings const& settings, place const& where, std::string_view sqlstate,
                         std::string_view libpq_text)
{
    auto const a = url::attempt{settings, where, libpq_text};
    for (auto const& one : url::hints)
        if (one.sqlstate.empty() ? url::contains(libpq_text, one.part) : sqlstate == one.sqlstate)
            return one.say(a);
    // libpq gives no SQLSTATE for a refusal while connecting, so these words have to do.
    if (url::contains(libpq_text, "does not exist"))
        return url::contains(libpq_text, "database \"") ? url::database_missing(a) : url::role_missing(a);
    return {};
}

} // namespace schemagate
