#include "effective_values.hpp"

#include <optional>

#include "account.hpp"
#include "ascii.hpp"
#include "libpq_parser.hpp"
#include "numeric_address.hpp"
#include "service_file.hpp"

namespace schemagate::url {

namespace {

std::vector<std::string> split_list(std::string const& list)
{
    auto result = std::vector<std::string>{};
    for (auto begin = std::size_t{0};;) {
        auto const comma = list.find(',', begin);
        result.push_back(list.substr(begin, comma == list.npos ? comma : comma - begin));
        if (comma == list.npos)
            return result;
        begin = comma + 1;
    }
}

} // namespace

effective_values::effective_values(std::vector<connection_parameter> const& set, place const& where)
{
    auto const& keywords = libpq_keywords();
    values_.resize(keywords.size());
    auto const take = [&](connection_parameter const& parameter, origin from) {
        auto const* const known = find_keyword(parameter.keyword);
        if (!known)
            return;
        auto& place = values_[static_cast<std::size_t>(known - keywords.data())];
        if (place.from == origin::nowhere)
            place = {parameter.value, from};
    };
    for (auto const& parameter : set)
        take(parameter, origin::text);

    // An empty name is a name to libpq: PGSERVICE="" makes it look for a section "[]", and fail.
    auto const service =
        from("service") == origin::nowhere ? where.variable("PGSERVICE") : std::optional{value("service")};
    if (service) {
        auto const reading = read_service(where, *service);
        service_ = reading.status;
        for (auto const& parameter : reading.settings)
            take(parameter, origin::service);
    }

    for (auto at = std::size_t{0}; at < keywords.size(); ++at) {
        auto const& keyword = keywords[at];
        if (values_[at].from != origin::nowhere) // set to "" is set: libpq asks the environment no more
            continue;
        auto const variable =
            keyword.variable.empty() ? std::optional<std::string>{} : where.variable(keyword.variable);
        if (variable)
            values_[at] = {secret{*variable}, origin::environment};
        else if (keyword.keyword == "sslmode" && where.variable("PGREQUIRESSL").value_or("").starts_with('1'))
            values_[at] = {secret{"require"}, origin::environment};
        else if (!keyword.fallback.empty())
            values_[at] = {secret{keyword.fallback}, origin::built_in};
    }
}

effective_values::held const* effective_values::of(std::string_view keyword) const
{
    auto const* const known = values_.empty() ? nullptr : find_keyword(keyword);
    return known ? &values_[static_cast<std::size_t>(known - libpq_keywords().data())] : nullptr;
}

std::string const& effective_values::value(std::string_view keyword) const
{
    static auto const none = std::string{};
    auto const* const found = of(keyword);
    return found ? found->value.reveal() : none;
}

origin effective_values::from(std::string_view keyword) const
{
    auto const* const found = of(keyword);
    return found ? found->from : origin::nowhere;
}

std::string effective_values::user() const
{
    return value("user").empty() ? account_name() : value("user");
}

std::string effective_values::dbname() const
{
    return value("dbname").empty() ? user() : value("dbname");
}

bool endpoint_values::is_socket() const
{
    return hostaddr.empty() && (host.empty() || host.front() == '/' || host.front() == '@');
}

endpoint_list endpoints_of(effective_values const& values)
{
    auto result = endpoint_list{};
    auto const& host_list = values.value("host");
    auto const& address_list = values.value("hostaddr");
    auto const hosts = split_list(host_list);
    auto const addresses = split_list(address_list);
    auto const ports = split_list(values.value("port"));
    auto const count = address_list.empty() ? hosts.size() : addresses.size();

    result.counts_match = (address_list.empty() || host_list.empty() || hosts.size() == addresses.size()) &&
                          (ports.size() == 1 || ports.size() == count);
    for (auto i = std::size_t{0}; i < count; ++i) {
        auto one = endpoint_values{};
        one.host = i < hosts.size() ? hosts[i] : "";
        one.hostaddr = i < addresses.size() ? addresses[i] : "";
        one.port = ports.size() == 1 ? ports.front() : i < ports.size() ? ports[i] : "";
        one.port_named = !one.port.empty() && values.from("port") != origin::built_in;
        if (one.port.empty())
            one.port = "5432";
        one.default_socket = one.host.empty() && one.hostaddr.empty();
        if (one.default_socket)
            one.host = default_socket_folder();
        auto const address = contains(one.host, ':') && read_address(one.host); // of IPv6
        if (!one.is_socket() && one.hostaddr.empty() && !address)
            one.fault = fault_of_name(one.host);
        result.all.push_back(std::move(one));
    }
    return result;
}

} // namespace schemagate::url
