// Endpoints that can be reached, but hardly as they were meant: in this place, by the method that was chosen,
// with the protection that was asked for, or in their order.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "host_name.hpp"
#include "inspection.hpp"
#include "misnamed_socket.hpp"
#include "numeric_address.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits no_host(inspection const& i);
hits wrong_method(inspection const& i);
hits wrong_method_socket(inspection const& i);
hits default_port(inspection const& i);
hits loopback(inspection const& i);
hits empty_host(inspection const& i);
hits any_of_several(inspection const& i);
hits standby(inspection const& i);
hits reader(inspection const& i);
hits short_address(inspection const& i);
hits bracketed_ipv4(inspection const& i);
hits not_ascii(inspection const& i);

constexpr auto warn = severity::warn;
constexpr auto note = severity::note;

constexpr auto way_to_tcp =
    "Write {model PRIVATE_IP}, or set SCHEMAGATE_CONNECTION=any where the socket is mounted.";
constexpr auto way_to_socket = "Write postgresql://USER:***@/DATABASE?host=/FOLDER (Cloud SQL: "
                               "host=/cloudsql/PROJECT:REGION:INSTANCE), or set "
                               "SCHEMAGATE_CONNECTION=any where TCP works.";

constexpr auto table = std::array{
    rule{"host-missing", severity::refuse,
         "{name} must have a host, or name a socket: it names neither, and libpq would silently use the "
         "socket folder "
         "{folder}, in which {who} listens{where}.",
         "Write {model HOST}, or for a Unix socket postgresql://USER:***@/DATABASE?host={or} (Cloud SQL: "
         "host=/cloudsql/PROJECT:REGION:INSTANCE).",
         no_host},
    rule{"connection-not-tcp", severity::refuse,
         "SCHEMAGATE_CONNECTION is tcp, but {who} names the Unix socket folder {host}.", way_to_tcp,
         wrong_method},
    rule{"connection-not-socket", severity::refuse,
         "SCHEMAGATE_CONNECTION is socket, but {who} names the TCP host {host}.", way_to_socket,
         wrong_method_socket},
    rule{"empty-host", warn,
         "{name} has an empty host in its list: libpq tries the socket folder {folder} for it.",
         "Remove the comma that is too much.", empty_host},
    rule{"several-hosts", warn,
         "{name} names several hosts without target_session_attrs: libpq takes the first that answers, also "
         "a standby, "
         "which cannot be migrated.",
         "Add target_session_attrs=read-write.", any_of_several},
    rule{"read-only-target", warn,
         "{who} sets target_session_attrs={value}: a server of that kind cannot be migrated.",
         "Write target_session_attrs=read-write, or set SCHEMAGATE_MODE=wait where another process migrates.",
         standby},
    rule{"read-only-target", warn,
         "The host {host} is a reader endpoint{whose}: its servers cannot be migrated.",
         "Name the writer's endpoint, at least in MIGRATION_DATABASE_URL, or set SCHEMAGATE_MODE=wait.",
         reader},
    rule{"address-short", warn,
         "The host {host} in {name} is read as the address {address}: an address with fewer than four "
         "numbers, or "
         "another notation of them.",
         "Write all four numbers as decimals: {address}.", short_address},
    rule{"ipv6-brackets", warn, "{name} has brackets around {host}, which is no IPv6 address.",
         "Write it without brackets.", bracketed_ipv4},
    rule{"host-not-ascii", warn,
         "The host in {name} has letters outside ASCII: libpq asks for these bytes, and DNS knows a name "
         "with such "
         "letters only in its xn-- form.",
         "Write the xn-- form of the name, unless /etc/hosts or the local network knows it.", not_ascii},
    rule{"port-default", note, "{name} names no port for {host}; libpq uses 5432.",
         "Write HOST:5432 to say so.", default_port},
    rule{"loopback-in-container", warn, "{host} is this container itself {here}, not its host.",
         "Use the database's own name (in compose, its service's name), its address, or host.docker.internal "
         "for the "
         "machine. If a proxy sidecar listens here, ignore this.",
         loopback},
};

std::vector<endpoint_values> const& all(inspection const& i)
{
    return i.endpoints.all;
}

bool none_named(inspection const& i)
{
    return std::all_of(all(i).begin(), all(i).end(), [](auto const& one) { return one.default_socket; });
}

/// One hit for each endpoint by TCP that can be used and passes the test.
template <class Test>
hits hosts_that(inspection const& i, Test test)
{
    auto result = hits{};
    for (auto const& one : all(i))
        if (!one.is_socket() && one.usable && test(one))
            result.push_back({{{"host", i.shown_host(one.target())}}});
    return result;
}

// Where a server of this machine has its socket in libpq's own folder, it may well be the one that is meant.
hits no_host(inspection const& i)
{
    if (!none_named(i) || i.effective.service_unknown() || i.has("socket-in-path") ||
        port_number(all(i).front().port) == 0)
        return {};
    auto const& one = all(i).front();
    auto const kind = i.where.kind_of(one.socket_path());
    auto const there = kind == file_kind::socket || kind == file_kind::not_permitted;
    return {{{{"folder", one.host},
              {"who", there ? "a server of this machine" : "no server"},
              {"where", there ? "" : " " + i.here()},
              {"or", there ? one.host : "/FOLDER"}},
             there ? std::optional{warn} : std::nullopt}};
}

hits method_other_than(inspection const& i, connection_method wanted)
{
    auto const missing = none_named(i) && (i.refused() || !i.has("host-missing"));
    if (i.policy.connection != wanted || missing)
        return {};
    auto const is_wanted = [&](auto const& one) {
        return one.is_socket() == (wanted == connection_method::socket);
    };
    auto const is_meant = [&](auto const& one) { // a folder without its "/" has a diagnostic of its own
        return is_wanted(one) ||
               (wanted == connection_method::socket && one.hostaddr.empty() && misnamed_socket(i, one.host));
    };
    if (std::all_of(all(i).begin(), all(i).end(), is_meant))
        return {};
    auto const& other = *std::find_if_not(all(i).begin(), all(i).end(), is_wanted);
    auto const some = std::any_of(all(i).begin(), all(i).end(), is_wanted);
    return {{{{"host", i.shown_host(other.target())},
              {"who", i.effective.from("host") == origin::environment ? "PGHOST" : i.name}},
             some ? std::optional{warn} : std::nullopt}};
}

hits wrong_method(inspection const& i)
{
    return method_other_than(i, connection_method::tcp);
}

hits wrong_method_socket(inspection const& i)
{
    return method_other_than(i, connection_method::socket);
}

hits default_port(inspection const& i)
{
    return hosts_that(i, [](auto const& one) { return !one.port_named; });
}

std::string const& reached(endpoint_values const& one)
{
    return one.hostaddr.empty() ? one.host : one.hostaddr;
}

hits loopback(inspection const& i)
{
    auto result = hosts_that(i, [](auto const& one) { return is_loopback_host(reached(one)); });
    return !result.empty() && is_container(i.where) ? result : hits{}; // the place's signs are files
}

hits empty_host(inspection const& i)
{
    auto const empty =
        std::find_if(all(i).begin(), all(i).end(), [](auto const& one) { return one.default_socket; });
    return when(!none_named(i) && empty != all(i).end(),
                {{"folder", empty == all(i).end() ? std::string{} : empty->host}});
}

hits any_of_several(inspection const& i)
{
    auto const& wanted = i.effective.value("target_session_attrs");
    return when(all(i).size() > 1 && !none_named(i) && (wanted.empty() || wanted == "any"));
}

hits standby(inspection const& i)
{
    auto const& wanted = i.effective.value("target_session_attrs");
    return when(wanted == "read-only" || wanted == "standby" || wanted == "prefer-standby",
                {{"who", i.said_by("target_session_attrs")}, {"value", wanted}});
}

struct reader_name
{
    std::string_view part; ///< of the host
    std::string_view whose;
};

constexpr auto readers = std::array{
    reader_name{".cluster-ro-", " of Amazon Aurora"},
    reader_name{".replica.", ""},
};

// "shop-ro", as CloudNativePG and other operators name the service of their standbys.
bool is_reader_service(std::string_view host)
{
    auto const label = host.substr(0, host.find('.'));
    return label.ends_with("-ro") || label.ends_with("-replicas") || label.ends_with("-repl");
}

hits reader(inspection const& i)
{
    auto result = hits{};
    for (auto const& one : all(i)) {
        auto const found = std::find_if(readers.begin(), readers.end(),
                                        [&](auto const& name) { return contains(one.host, name.part); });
        if (!one.is_socket() && (found != readers.end() || is_reader_service(one.host)))
            result.push_back({{{"host", i.shown_host(one.host)},
                               {"whose", found == readers.end() ? "" : std::string{found->whose}}}});
    }
    return result;
}

hits short_address(inspection const& i)
{
    auto result = hits{};
    for (auto const& one : all(i)) {
        if (one.is_socket() || !one.usable || !one.hostaddr.empty() || one.fault != name_fault::short_address)
            continue;
        auto const address = read_address(one.host).value();
        auto dotted = std::string{};
        for (auto at = std::size_t{0}; at < 4; ++at)
            dotted += (at == 0 ? "" : ".") + std::to_string(address.bytes.at(at));
        result.push_back({{{"host", i.shown_host(one.host)}, {"address", dotted}}});
    }
    return result;
}

hits bracketed_ipv4(inspection const& i)
{
    auto result = hits{};
    if (i.uri)
        for (auto const& host : i.uri->hosts)
            if (host.bracketed && !host.bracket_fault && !contains(host.host, ':') && read_address(host.host))
                result.push_back({{{"host", i.shown_host(host.host)}}});
    return result;
}

hits not_ascii(inspection const& i)
{
    return hosts_that(i, [&](auto const& one) {
        return one.hostaddr.empty() && one.fault == name_fault::not_ascii && !i.has("invisible-character");
    });
}

} // namespace

std::span<rule const> endpoint_rules()
{
    return table;
}

} // namespace schemagate::url
