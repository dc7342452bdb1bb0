// Host and port of every way to the server. libpq tries them in order, so one that cannot work is a refusal
// only if none can, or if libpq would stop there (a port that is no number ends its list).
#include <algorithm>

#include "ascii.hpp"
#include "inspection.hpp"
#include "numeric_address.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// The host part of the URI from which the way's port comes; nullptr if it comes from elsewhere.
uri_host const* written_host(inspection const& i, std::size_t index)
{
    if (!i.uri || i.effective.from("port") != origin::text)
        return nullptr;
    for (auto const& parameter : i.uri->parameters)
        if (parameter.key == "port" || parameter.key == "host")
            return nullptr;
    return index < i.uri->hosts.size() ? &i.uri->hosts[index] : nullptr;
}

finding port_problem(inspection const& i, way const& one, std::size_t index)
{
    auto const* const host = written_host(i, index);
    if (host && is_bare_ipv6(*host))
        return {"ipv6-brackets", severity::refuse,
                i.must_have_port() +
                    ": it has an IPv6 address without brackets, so libpq ends the host at the "
                    "first colon.",
                "Write the address in brackets: [2001:db8::17]:5432."};
    if (host && i.uri->has_userinfo && is_cloudsql_instance(host->whole))
        return instance_in_authority(i);
    if (one.port.starts_with("tcp:") || one.port.starts_with("udp:"))
        return {"service-link-port", severity::refuse,
                i.must_have_port() + ": its port is the URL of a Kubernetes service link.",
                "Kubernetes sets NAME_PORT to tcp://… for a service of that name: call your own variable "
                "differently, or set enableServiceLinks: false."};
    // After a user the port is a port; without one, even its digits may be a password whose "@host" was
    // forgotten.
    auto const sure = !host || i.uri->has_userinfo;
    auto const shown = sure && one.port.size() <= 12 && made_of_words(one.port, "-+.")
                           ? " \"" + one.port + "\""
                           : std::string{};
    auto const from_environment = i.effective.from("port") == origin::environment;
    return {"port-invalid", severity::refuse,
            i.must_have_port() + ": its port" + shown + (from_environment ? ", from PGPORT," : "") +
                " is not a number from 1 to 65535.",
            from_environment
                ? "Set PGPORT to a number, or write the port into " + i.name + ": HOST:5432."
                : "Write the port after the host: HOST:5432, or host=/FOLDER for a Unix socket."};
}

std::optional<finding> host_problem(inspection const& i, way const& one)
{
    auto const& host = one.host;
    auto const shown = shown_host(host);
    if (!one.hostaddr.empty())
        return read_address(one.hostaddr)
                   ? std::nullopt
                   : std::optional{finding{"hostaddr-invalid", severity::refuse,
                                           "hostaddr is not a numeric address, as libpq asks for.",
                                           "Write host=NAME instead, or hostaddr=10.240.0.3."}};
    if (contains(host, ';') || contains(host, '='))
        return finding{
            "ado-style", severity::refuse,
            i.name + " separates its parts with ; as .NET does: libpq takes all of it for the host.",
            "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, or blanks between keyword=value."};
    if (contains(host, "://"))
        return finding{"url-in-host", severity::refuse, i.name + " has a URL where a host is asked for.",
                       "Write the host's name alone."};
    if (std::any_of(host.begin(), host.end(), is_blank))
        return finding{"blank-in-host", severity::refuse,
                       i.name + " has white space in a host: no such name can be found.",
                       "Remove it; multiple hosts are separated with a comma alone."};
    if (host.starts_with('[') && host.ends_with(']'))
        return finding{"brackets-in-host", severity::refuse,
                       i.name + " has brackets around a host= value: they belong to a URL's authority only.",
                       "Write host=2001:db8::17, without brackets."};
    auto const colon = host.rfind(':');
    if (colon != host.npos && !read_address(host) && port_number(host.substr(colon + 1)) != 0)
        return finding{"port-in-host", severity::refuse,
                       i.name + " (or PGHOST) has a port inside of a host's name, \"" +
                           shown_host(host.substr(0, colon)) + ":" + shown_port(host.substr(colon + 1)) +
                           "\": libpq takes all of it for the name.",
                       "Name the port apart: port=" + shown_port(host.substr(colon + 1)) + " (or PGPORT)."};
    if (auto socket = misnamed_socket(i, host))
        return socket;
    // "HOST:5,432": glibc takes a number alone for an IPv4 address, and 0.0.1.176 is nobody's.
    if (all(host, is_digit) && port_number(host) != 0)
        return finding{"number-as-host", severity::refuse,
                       i.name +
                           " has a host that is a number alone: a comma inside of the port makes a second "
                           "host of what follows.",
                       "Write the port without a comma: HOST:5432."};
    return std::nullopt;
}

void judge_tcp(inspection& i, way const& one)
{
    if (!one.port_named)
        i.note("port-default",
               i.name + " names no port for " + shown_host(one.target()) + "; libpq uses 5432.",
               "Write HOST:5432 to say so.");
    auto const& target = one.hostaddr.empty() ? one.host : one.hostaddr;
    if (!is_loopback_host(target))
        return;
    if (is_container(i.where))
        i.warn("loopback-in-container",
               shown_host(target) + " is this container itself " + i.here() + ", not its host.",
               "Use the database's own name (in compose, its service's name), its address, or "
               "host.docker.internal for the machine. If a proxy sidecar listens here, ignore this.");
    auto const& mode = i.effective.value("sslmode");
    if (mode == "require" || mode.starts_with("verify-"))
        i.note("tls-on-loopback",
               i.name + " asks for TLS (sslmode=" + printable(mode) +
                   ") from a server on this machine, which "
                   "often has none.",
               "If it has none, write sslmode=disable; a server on another machine keeps its TLS.");
}

// Where a server of this machine has its socket in libpq's own folder, it may well be the one that is meant.
void judge_missing_host(inspection& i)
{
    auto const& one = i.ways.ways.front();
    auto const kind = i.where.kind_of(one.socket_path());
    auto const there = kind == file_kind::socket || kind == file_kind::not_permitted;
    i.findings.push_back(
        {"host-missing", there ? severity::warn : severity::refuse,
         i.name +
             " must have a host, or name a socket: it names neither, and libpq would silently use the "
             "socket folder " +
             one.host +
             (there ? ", in which a server of this machine listens."
                    : ", in which no server listens " + i.here() + "."),
         "Write " + i.model("HOST") + ", or for a Unix socket postgresql://USER:***@/DATABASE?host=" +
             (there ? one.host : "/FOLDER") + " (Cloud SQL: host=/cloudsql/PROJECT:REGION:INSTANCE)."});
}

void judge_method(inspection& i)
{
    auto const wanted = i.policy.connection;
    if (wanted == connection_method::any)
        return;
    auto const is_wanted = [&](way const& one) {
        return one.is_socket() == (wanted == connection_method::socket);
    };
    auto const is_meant = [&](way const& one) { // a folder without its "/" has a finding of its own
        return is_wanted(one) ||
               (wanted == connection_method::socket && one.hostaddr.empty() && misnamed_socket(i, one.host));
    };
    auto const& ways = i.ways.ways;
    if (std::all_of(ways.begin(), ways.end(), is_meant))
        return;
    auto const tcp = wanted == connection_method::tcp;
    auto const other = *std::find_if_not(ways.begin(), ways.end(), is_wanted);
    auto const target = shown_host(other.target());
    auto result = finding{
        tcp ? "connection-not-tcp" : "connection-not-socket",
        std::any_of(ways.begin(), ways.end(), is_wanted) ? severity::warn : severity::refuse,
        "SCHEMAGATE_CONNECTION is " + std::string{tcp ? "tcp" : "socket"} + ", but " +
            (i.effective.from("host") == origin::environment ? "PGHOST" : i.name) + " names " +
            (tcp ? "the Unix socket folder " : "the TCP host ") + target + ".",
        tcp ? "Write " + i.model("PRIVATE_IP") +
                  ", or set SCHEMAGATE_CONNECTION=any where the socket is mounted."
            : "Write postgresql://USER:***@/DATABASE?host=/FOLDER (Cloud SQL: "
              "host=/cloudsql/PROJECT:REGION:INSTANCE), or set SCHEMAGATE_CONNECTION=any where TCP works."};
    i.findings.push_back(std::move(result));
}

} // namespace

void judge_ways(inspection& i)
{
    auto const& ways = i.ways.ways;
    auto const none_named =
        std::all_of(ways.begin(), ways.end(), [](auto const& w) { return w.default_socket; });
    auto problems = std::vector<finding>{};
    auto usable = false;
    auto blocked = false; // libpq gives up before a usable way
    auto const settled = i.findings.size();
    for (auto index = std::size_t{0}; index < ways.size(); ++index) {
        auto const& one = ways[index];
        auto problem = std::optional<finding>{};
        if (port_number(one.port) == 0) {
            problem = port_problem(i, one, index);
            blocked = blocked || (!usable && !all(one.port, is_digit));
        }
        else if (one.default_socket && none_named) {
            continue; // judge_missing_host
        }
        else {
            problem = one.is_socket() ? socket_problem(i, one) : host_problem(i, one);
        }
        if (problem) {
            problems.push_back(std::move(*problem));
            continue;
        }
        usable = true;
        if (!one.is_socket())
            judge_tcp(i, one);
    }
    if (none_named && !i.effective.service_unknown() && !i.has("socket-in-path"))
        judge_missing_host(i);
    if (!none_named || (i.has("host-missing") && !i.refused())) // else nothing is known of the way
        judge_method(i);
    if (usable && !blocked)
        for (auto& problem : problems)
            problem.severity = severity::warn;
    i.findings.insert(i.findings.begin() + static_cast<std::ptrdiff_t>(settled), problems.begin(),
                      problems.end());
}

} // namespace schemagate::url
