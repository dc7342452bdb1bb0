// What libpq itself makes of a connection string: the judge that ours is compared with. Knows nothing of
// ours.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace libpq_oracle {

/// By keyword; what is not set is not in it. Set to "" is in it.
using values = std::map<std::string, std::string>;

/// To libpq's expand_dbname; any other text is the name of a database there, and used() applies the
/// environment alone.
[[nodiscard]] bool is_connection_string(std::string const& text);

/// What the text alone sets (PQconninfoParse); nullopt if libpq refuses it.
[[nodiscard]] std::optional<values> parsed(std::string const& text);

/// Every value that a connection made of the text, in this process's environment, would use: service file,
/// environment and defaults applied (PQconnectStartParams, PQconninfo). Nothing is looked up or connected to:
/// a last parameter of no known value stops libpq behind the point where it has settled all others.
/// target_session_attrs is left out for that reason. nullopt if libpq refuses the text or the service, or the
/// numbers of hosts, addresses and ports do not match.
[[nodiscard]] std::optional<values> used(std::string const& text);

struct attempt
{
    std::string target; ///< host, address or the socket's whole path
    std::string port;   ///< "" of a socket: it is in the path
    [[nodiscard]] bool operator==(attempt const&) const = default;
};

/// The places that libpq really tries, in order, read from its words. Only for hosts that are numeric
/// loopback addresses or socket folders, with ports that nobody listens at.
[[nodiscard]] std::vector<attempt> attempts(std::string const& text);

} // namespace libpq_oracle
