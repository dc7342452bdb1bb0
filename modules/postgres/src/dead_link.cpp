#include "dead_link.hpp"

#include <algorithm>

namespace schemagate::postgres {

std::vector<connection_parameter> dead_link_parameters(connection_settings const& settings)
{
    // PostgreSQL documentation, "34.1.2 Parameter Key Words". 10 s without a byte, then three probes 5 s
    // apart.
    std::vector<connection_parameter> all{{"keepalives_idle", secret{"10"}},
                                          {"keepalives_interval", secret{"5"}},
                                          {"keepalives_count", secret{"3"}},
                                          {"tcp_user_timeout", secret{std::to_string(user_timeout.count())}}};
    std::erase_if(all, [&settings](auto const& ours) {
        return std::any_of(settings.parameters.begin(), settings.parameters.end(),
                           [&ours](auto const& given) { return given.keyword == ours.keyword; });
    });
    return all;
}

} // namespace schemagate::postgres
