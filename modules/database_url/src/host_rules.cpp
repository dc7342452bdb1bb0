// An endpoint whose host or port cannot work. libpq tries the endpoints in order, so this refuses only if
// none is left, or if libpq would stop there (url_check.cpp). The first rule that fits an endpoint speaks of
// it.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "host_name.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "misnamed_socket.hpp"
#include "numeric_address.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits port_twice(inspection const& i);
hits bare_ipv6(inspection const& i);
hits colon_of_folder(inspection const& i);
hits instance_as_host(inspection const& i);
hits service_link(inspection const& i);
hits port_of_environment(inspection const& i);
hits port(inspection const& i);
hits address(inspection const& i);
hits parameter_as_host(inspection const& i);
hits ado(inspection const& i);
hits url_as_host(inspection const& i);
hits blank(inspection const& i);
hits brackets(inspection const& i);
hits port_in_host(inspection const& i);
hits misnamed(inspection const& i);
hits number_in_list(inspection const& i);
hits number(inspection const& i);
hits look_alike(inspection const& i);
hits no_name(inspection const& i);
hits impossible(inspection const& i);

constexpr auto refuse = severity::refuse;

constexpr auto table = std::array{
    rule{"port-invalid", refuse,
         "{name} must have a port, or be a Unix socket: it has a port twice behind one host.",
         "Write it once: HOST:5432.", port_twice},
    rule{"ipv6-brackets", refuse,
         "{name} must have a port, or be a Unix socket: it has an IPv6 address without brackets, so libpq "
         "ends the "
         "host at the first colon.",
         "Write the address in brackets: [2001:db8::17]:5432.", bare_ipv6},
    rule{"port-invalid", refuse,
         "{name} must have a port, or be a Unix socket: a : in the folder of its socket ends the host for "
         "libpq.",
         "Write each : of the folder as %3A, or the folder as a parameter: "
         "postgresql://USER:***@/DATABASE?host=/cloudsql/PROJECT:REGION:INSTANCE.",
         colon_of_folder},
    rule{"socket-slash-missing", refuse,
         "{name} must have a port, or be a Unix socket: the name of a Cloud SQL instance, "
         "PROJECT:REGION:INSTANCE, "
         "stands where libpq asks for HOST:PORT.",
         "Write the socket's folder as a parameter: "
         "postgresql://USER:***@/DATABASE?host=/cloudsql/{instance}.",
         instance_as_host},
    rule{"service-link-port", refuse,
         "{name} must have a port, or be a Unix socket: its port is the URL of a Kubernetes service link.",
         "Kubernetes sets NAME_PORT to tcp://… for a service of that name: call your own variable "
         "differently, or set "
         "enableServiceLinks: false.",
         service_link},
    rule{"port-invalid", refuse,
         "{name} must have a port, or be a Unix socket: its port{port}, from PGPORT, is not a number from 1 "
         "to 65535.",
         "Set PGPORT to a number, or write the port into {name}: HOST:5432.", port_of_environment},
    rule{"port-invalid", refuse,
         "{name} must have a port, or be a Unix socket: its port{port} is not a number from 1 to 65535.",
         "Write the port after the host: HOST:5432, or host=/FOLDER for a Unix socket.", port},
    rule{"hostaddr-invalid", refuse, "hostaddr is not a numeric address, as libpq asks for.",
         "Write host=NAME instead, or hostaddr=10.240.0.3.", address},
    rule{"query-without-question-mark", refuse,
         "{name} has the parameter {keyword} where libpq asks for a host: no /? stands before it.",
         "Begin the parameters with /?: postgresql:///?{keyword}={example}", parameter_as_host},
    rule{"ado-style", refuse,
         "{name} separates its parts with ; as .NET does: libpq takes all of it for the host.",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, or spaces between keyword=value.", ado},
    rule{"url-in-host", refuse, "{name} has a URL where a host is asked for.", "Write the host's name alone.",
         url_as_host},
    rule{"blank-in-host", refuse, "{name} has white space in a host: no such name can be found.",
         "Remove it; multiple hosts are separated with a comma alone.", blank},
    rule{"brackets-in-host", refuse,
         "{name} has brackets around a host= value: they belong to a URL's authority only.",
         "Write host=2001:db8::17, without brackets.", brackets},
    rule{"socket-slash-missing", refuse,
         "{what} in {who}: a Unix socket's folder begins with /, and libpq takes this for a host's name, "
         "which it "
         "cannot be.",
         "Write {folder}.{besides}", misnamed},
    rule{"port-in-host", refuse,
         "{name} (or PGHOST) has a port inside of a host's name, \"{host}:{port}\": libpq takes all of it "
         "for the name.",
         "Name the port apart: port={port} (or PGPORT).", port_in_host},
    rule{"number-as-host", refuse,
         "{name} has a host that is a number alone: a comma inside of the port makes a second host of what "
         "follows.",
         "Write the port without a comma: HOST:5432.", number_in_list},
    rule{"number-as-host", refuse, "{name} has a number where its host belongs: the host is missing.",
         "Write HOST:5432.", number},
    rule{"host-look-alike", refuse,
         "The host in {name} has letters that look like Latin ones and are none, so another name is looked "
         "up.",
         "Type the host anew instead of copying it.", look_alike},
    rule{"host-impossible", refuse,
         "{name} has the host {host}, which a program or a template writes where it has no value.",
         "Set the variable from which the host comes: postgresql://USER:***@HOST:5432/DATABASE", no_name},
    rule{"host-impossible", refuse, "No host can have the name in {name}{host}: {why}.",
         "Correct the host: a name is labels of letters, digits and hyphens with one dot between them.",
         impossible},
};

/// One hit for each endpoint that passes the test, with the words that the test gives.
template <class Test>
hits endpoints_that(inspection const& i, Test test)
{
    auto result = hits{};
    for (auto number = std::size_t{0}; number < i.endpoints.all.size(); ++number)
        if (auto words = test(i.endpoints.all[number], number))
            result.push_back({std::move(*words), {}, number});
    return result;
}

using words = decltype(hit::words);

std::optional<words> if_so(bool yes, word_list result = {})
{
    return yes ? std::optional{words{result.begin(), result.end()}} : std::nullopt;
}

// The host part of the URI from which the endpoint's port comes; nullptr if it comes from elsewhere.
uri_host const* written_host(inspection const& i, std::size_t number)
{
    if (!i.uri || i.effective.from("port") != origin::text)
        return nullptr;
    for (auto const& parameter : i.uri->parameters)
        if (parameter.key == "port" || parameter.key == "host")
            return nullptr;
    return number < i.uri->hosts.size() ? &i.uri->hosts[number] : nullptr;
}

bool bad_port(endpoint_values const& one)
{
    return port_number(one.port) == 0;
}

hits bare_ipv6(inspection const& i)
{
    return endpoints_that(i, [&](auto const& one, auto number) {
        auto const* const host = written_host(i, number);
        return if_so(bad_port(one) && host && is_bare_ipv6(*host));
    });
}

hits port_twice(inspection const& i)
{
    return endpoints_that(i, [&](auto const& one, auto number) {
        auto const* const host = written_host(i, number);
        auto const port = host ? host->port.value_or("") : std::string_view{};
        auto const colon = port.find(':');
        return if_so(bad_port(one) && colon != port.npos && port_number(port.substr(0, colon)) != 0 &&
                     port_number(port.substr(colon + 1)) != 0);
    });
}

// "%2Fcloudsql%2Fp:r:i", where only the slashes were escaped.
hits colon_of_folder(inspection const& i)
{
    return endpoints_that(i, [&](auto const& one, auto number) {
        auto const* const host = written_host(i, number);
        return if_so(bad_port(one) && host && !host->host.empty() && one.host.starts_with('/'));
    });
}

hits instance_as_host(inspection const& i)
{
    return endpoints_that(i, [&](auto const& one, auto number) {
        auto const* const host = written_host(i, number);
        return if_so(bad_port(one) && host && i.uri->has_userinfo && names_cloudsql_instance(host->whole),
                     {{"instance", "PROJECT:REGION:INSTANCE"}});
    });
}

hits service_link(inspection const& i)
{
    return endpoints_that(i, [](auto const& one, auto) {
        return if_so(one.port.starts_with("tcp:") || one.port.starts_with("udp:"));
    });
}

// A port that is no number may be the password whose place it has; a number that is too large is shown behind
// a whole user and password.
hits port_from(inspection const& i, bool environment)
{
    return endpoints_that(i, [&](auto const& one, auto) {
        auto const known =
            environment || (i.uri && !i.uri->user.empty() && !i.uri->password.value_or("").empty());
        auto const shown = known && one.port.size() <= 6 && !one.port.empty() && all(one.port, is_digit);
        return if_so(bad_port(one) && (i.effective.from("port") == origin::environment) == environment,
                     {{"port", shown ? " \"" + one.port + "\"" : ""}});
    });
}

hits port_of_environment(inspection const& i)
{
    return port_from(i, true);
}

hits port(inspection const& i)
{
    return port_from(i, false);
}

hits address(inspection const& i)
{
    return endpoints_that(
        i, [](auto const& one, auto) { return if_so(!one.hostaddr.empty() && !read_address(one.hostaddr)); });
}

/// The same, for endpoints that are looked up by name.
template <class Test>
hits names_that(inspection const& i, Test test)
{
    return endpoints_that(i, [&](auto const& one, auto) {
        return one.is_socket() || !one.hostaddr.empty() ? std::nullopt : test(one.host);
    });
}

// "postgresql://service=prod". The value is not shown, since nothing tells what it is.
hits parameter_as_host(inspection const& i)
{
    return names_that(i, [&](auto const& host) -> std::optional<words> {
        auto const keyword = host.substr(0, host.find('='));
        auto const found =
            i.uri && keyword.size() < host.size() && !contains(host, ';') && find_keyword(keyword);
        return if_so(found, {{"keyword", found ? keyword : ""},
                             {"example", keyword == "service" ? "NAME" : "VALUE&…"}});
    });
}

hits ado(inspection const& i)
{
    return endpoints_that(i, [](auto const& one, auto) {
        auto const& host = one.host;
        auto const mark = contains(host, ';') || contains(host, '=');
        auto const both = contains(host, ';') && contains(host, '=');
        return if_so(one.is_socket() ? both : one.hostaddr.empty() && mark);
    });
}

hits url_as_host(inspection const& i)
{
    return names_that(i, [](auto const& host) { return if_so(contains(host, "://")); });
}

hits blank(inspection const& i)
{
    return names_that(i, [](auto const& host) {
        return if_so(
            std::any_of(host.begin(), host.end(), [](char c) { return is_blank(c) || is_control(c); }));
    });
}

hits brackets(inspection const& i)
{
    return names_that(i,
                      [](auto const& host) { return if_so(host.starts_with('[') && host.ends_with(']')); });
}

hits port_in_host(inspection const& i)
{
    return names_that(i, [&](auto const& host) -> std::optional<words> {
        auto const colon = host.rfind(':');
        if (colon == host.npos || read_address(host) || port_number(host.substr(colon + 1)) == 0)
            return std::nullopt;
        return words{{"host", i.shown_host(host.substr(0, colon))},
                     {"port", i.shown_port(host.substr(colon + 1))}};
    });
}

hits misnamed(inspection const& i)
{
    return names_that(i, [&](auto const& host) -> std::optional<words> {
        auto const found = misnamed_socket(i, host);
        if (!found)
            return std::nullopt;
        return words{{"what", found->what},
                     {"who", found->who},
                     {"folder", found->folder},
                     {"besides", found->besides}};
    });
}

// "HOST:5,432": glibc takes a number alone for an IPv4 address, and 0.0.1.176 is nobody's.
hits number(inspection const& i)
{
    return names_that(i,
                      [](auto const& host) { return if_so(all(host, is_digit) && port_number(host) != 0); });
}

hits number_in_list(inspection const& i)
{
    return i.endpoints.all.size() > 1 ? number(i) : hits{};
}

hits with_fault(inspection const& i, std::initializer_list<std::pair<name_fault, char const*>> faults)
{
    return endpoints_that(i, [&](auto const& one, auto) -> std::optional<words> {
        auto const found = std::find_if(faults.begin(), faults.end(),
                                        [&](auto const& each) { return each.first == one.fault; });
        if (found == faults.end())
            return std::nullopt;
        auto const shown = i.shown_host(one.host);
        return words{{"why", found->second},
                     {"host", one.fault == name_fault::no_name ? shown
                              : shown == mask                  ? ""
                                                               : ", " + shown}};
    });
}

hits look_alike(inspection const& i)
{
    return with_fault(i, {{name_fault::look_alike, ""}});
}

hits no_name(inspection const& i)
{
    return with_fault(i, {{name_fault::no_name, ""}});
}

hits impossible(inspection const& i)
{
    return with_fault(i,
                      {{name_fault::empty_label, "two dots have nothing between them, or it begins with one"},
                       {name_fault::foreign_byte, "it has punctuation in it that no name has"},
                       {name_fault::hyphen_first, "it begins with a hyphen"},
                       {name_fault::too_long, "a label has more than 63 bytes, or the whole more than 253"},
                       {name_fault::no_address, "it looks like an address, and is none"}});
}

} // namespace

std::span<rule const> host_rules()
{
    return table;
}

} // namespace schemagate::url
