#include "host_list.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace schemagate::postgres {
namespace {

struct listed
{
    char const* keyword;
    char const* variable;
};
// A service file's lists keep their order: whoever uses one has few hosts and many clients.
constexpr std::array<listed, 3> lists{listed{"host", "PGHOST"}, listed{"hostaddr", "PGHOSTADDR"},
                                      listed{"port", "PGPORT"}};

std::string value_of(connection_settings const& settings, place const& where, listed const& which)
{
    for (auto const& each : settings.parameters) {
        if (each.keyword == which.keyword) {
            return each.value.reveal();
        }
    }
    return where.variable(which.variable).value_or("");
}

std::size_t count_of(std::string const& list)
{
    return list.empty() ? 0 : static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')) + 1;
}

std::string rotated(std::string const& list, std::size_t by)
{
    std::size_t at = 0;
    for (; by > 0; --by) {
        at = list.find(',', at) + 1;
    }
    return list.substr(at) + "," + list.substr(0, at - 1);
}

} // namespace

std::size_t host_count(connection_settings const& settings, place const& where)
{
    return std::max({count_of(value_of(settings, where, lists[0])),
                     count_of(value_of(settings, where, lists[1])), std::size_t{1}});
}

std::vector<connection_parameter> beginning_with(std::size_t index, connection_settings const& settings,
                                                 place const& where)
{
    std::vector<connection_parameter> changed;
    auto const hosts = host_count(settings, where);
    for (auto const& each : lists) {
        // One port serves all hosts.
        if (auto const list = value_of(settings, where, each);
            index > 0 && count_of(list) == hosts && hosts > 1) {
            changed.push_back({each.keyword, secret{rotated(list, index)}});
        }
    }
    return changed;
}

std::optional<std::chrono::seconds> connect_timeout_of(connection_settings const& settings,
                                                       place const& where)
{
    auto const seconds =
        std::strtol(value_of(settings, where, {"connect_timeout", "PGCONNECT_TIMEOUT"}).c_str(), nullptr, 10);
    if (seconds <= 0) {
        return std::nullopt;
    }
    return std::chrono::seconds{std::clamp(seconds, 2L, 3600L)};
}

} // namespace schemagate::postgres
