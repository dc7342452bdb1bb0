// The way to an address: no route, no answer, nobody listening. The kernel is asked whether it has a route at
// all (place::route_to), which tells a missing connector from a firewall.
#include "ascii.hpp"
#include "connect_hints.hpp"
#include "numeric_address.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

std::string sandbox_of_systemd()
{
    return " This is a unit of systemd: PrivateNetwork=yes takes its network away, IPAddressDeny= drops its "
           "packets, and RestrictAddressFamilies= must name AF_INET and AF_INET6.";
}

std::string lead(endpoint_failure const& f, std::string const& kind)
{
    auto const target = kind + f.target();
    switch (f.address.empty() ? route_kind::unknown : f.attempt.where.route_to(f.address)) {
    case route_kind::absent: return "There is no route from here to " + target;
    case route_kind::there: return "There is a route from here to " + target + ", but no answer";
    default: return "No route or no answer from " + target;
    }
}

std::string no_way_into_vpc(endpoint_failure const& f, std::string const& begin)
{
    auto const& where = f.attempt.where;
    auto const kind = describe(where);
    auto const job = kind == "Cloud Run job";
    if (kind == "App Engine")
        return begin + ": App Engine reaches it only through the VPC. Name a connector in app.yaml "
                       "(vpc_access_connector).";
    if (kind == "AWS Lambda")
        return begin + ": AWS Lambda reaches it only if the function is attached to its VPC (subnets and a "
                       "security group that the database admits).";
    if (kind.starts_with("Cloud Run")) {
        auto result = begin + ": a " + kind +
                      " reaches it only through the VPC. Set Direct VPC egress up: " + "gcloud run " +
                      (job ? "jobs" : "services") +
                      " update NAME --network=NETWORK --subnet=SUBNET --vpc-egress=private-ranges-only (or a "
                      "connector: --vpc-connector=CONNECTOR).";
        if (where.kind_of("/cloudsql") == file_kind::folder)
            result += " /cloudsql is mounted here, so postgresql://USER:***@/DATABASE?host=/cloudsql/"
                      "PROJECT:REGION:INSTANCE would work without.";
        return result;
    }
    return begin +
           ": this process must be in the same network (VPC, VPN or peering), and a firewall must "
           "admit it." +
           (is_systemd_unit(where) ? sandbox_of_systemd() : "");
}

std::string no_ipv6(endpoint_failure const& f)
{
    auto const kind = describe(f.attempt.where);
    auto const without = kind == "GitHub Actions" || kind.starts_with("Cloud Run") || kind == "AWS Lambda";
    return lead(f, "") + ": the host has an IPv6 address, and " +
           (without ? kind + " has no IPv6 route" : std::string{"this place may have no IPv6"}) +
           ". Use a host with an IPv4 address (Supabase: the session pooler, aws-0-REGION.pooler.supabase."
           "com:5432; Docker: turn IPv6 on for the network).";
}

// With a route it is no matter of IPv6, but of a firewall.
bool lacks_ipv6(endpoint_failure const& f)
{
    auto const address = read_address(f.address);
    if (address)
        return address->ipv6 && !address->is_loopback() &&
               f.attempt.where.route_to(f.address) != route_kind::there;
    return f.one && f.one->host.starts_with("db.") && f.one->host.ends_with(".supabase.co");
}

} // namespace

std::string no_answer(endpoint_failure const& f)
{
    if (f.is_socket())
        return "The socket in " + f.host() +
               " takes connections, but the server does not answer: it hangs, or its proxy has no way to it.";
    auto const address = read_address(f.address);
    if (address && address->is_private())
        return no_way_into_vpc(f, lead(f, "the private address "));
    if (lacks_ipv6(f))
        return no_ipv6(f);
    if (contains(f.attempt.text, "Network is unreachable"))
        return "There is no route from here to " + f.target() +
               "; often the host has an IPv6 address only, and this place has no IPv6 (Supabase: use the "
               "session pooler)." +
               (is_systemd_unit(f.attempt.where) ? sandbox_of_systemd() : "");
    return lead(f, "") +
           ": a firewall drops the packets, or the address is wrong. Admit this process's address on the "
           "server's side (authorised networks, security group)." +
           (is_systemd_unit(f.attempt.where) ? sandbox_of_systemd() : "");
}

std::string refused(endpoint_failure const& f)
{
    if (f.is_socket())
        return socket_refused(f);
    auto const& where = f.attempt.where;
    auto const loopback = is_loopback_host(f.address.empty() && f.one ? f.one->host : f.address);
    if (loopback && is_container(where))
        return f.host() + " is this container itself: use the database's own name (in compose, its service's "
                          "name), or check that the proxy sidecar is running.";
    auto result = "No server is listening on " + f.target() +
                  ": the server is not running, listens elsewhere (listen_addresses, port), or is still "
                  "starting.";
    if (loopback && is_systemd_unit(where))
        result +=
            " With PrivateNetwork=yes this unit has a loopback of its own, on which no server is listening.";
    return result;
}

std::string not_postgresql(endpoint_failure const& f)
{
    return "Something answers at " + (f.is_socket() ? "the socket in " + f.host() : f.target()) +
           ", but it is no PostgreSQL server: the port is another service's (PostgreSQL's own is 5432), or a "
           "proxy for HTTP or TLS stands there. Name the server's own host and port.";
}

std::string family_forbidden(endpoint_failure const& f)
{
    auto const begin = "This process may not open a socket to " + f.target();
    if (is_systemd_unit(f.attempt.where))
        return begin + ": the unit's RestrictAddressFamilies= must name AF_INET and AF_INET6 for TCP, and "
                       "AF_UNIX for a Unix socket.";
    return begin + ": this place has no such address family (IPv6 turned off), or its sandbox forbids it "
                   "(seccomp). Use a host with an IPv4 address.";
}

std::string forbidden(endpoint_failure const& f)
{
    if (f.is_socket())
        return socket_forbidden(f);
    return "A rule of this place forbids the connection to " + f.target() +
           ": a firewall of this machine, a sandbox, or SELinux." +
           (is_systemd_unit(f.attempt.where) ? sandbox_of_systemd() : "");
}

} // namespace schemagate::url
