// Where the parts of a connection URI lie, split as libpq's conninfo_uri_parse_options splits (not as RFC
// 3986 does). It finds positions and mistakes; what the parts mean is libpq_parser's answer alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace schemagate::url {

struct uri_host
{
    std::string_view whole; ///< host and port as written
    std::string_view host;  ///< without brackets
    std::optional<std::string_view> port;
    bool bracketed = false;
    bool bracket_fault = false; ///< "[" without "]", empty brackets, or junk after "]"
};

struct uri_parameter
{
    std::string_view key;
    std::string_view value;
    bool well_formed = false; ///< exactly one "="; libpq refuses the others
};

/// All parts are views into the text and still percent-encoded.
struct uri_layout
{
    std::string_view scheme; ///< with "://"
    bool has_userinfo = false;
    std::string_view user;
    std::optional<std::string_view> password;
    std::string_view authority; ///< the list of hosts
    std::vector<uri_host> hosts;
    std::optional<std::string_view> dbname;
    std::optional<std::string_view> query;
    std::vector<uri_parameter> parameters;
};

/// nullopt unless the text begins with "postgresql://" or "postgres://".
[[nodiscard]] std::optional<uri_layout> scan_uri(std::string_view text);

/// The same for a text whose scheme (of any name) ends at `scheme_end`.
[[nodiscard]] uri_layout scan_uri_after(std::string_view text, std::size_t scheme_end);

/// Length of the scheme that libpq takes, with "://"; 0 if it takes none.
[[nodiscard]] std::size_t libpq_scheme(std::string_view text);

/// True if the text cannot be read as its writer meant it without a guess: a second "@" in the authority, a
/// "/" before the "@", or no "@" and a port that is none. Then some part of the password may stand where
/// libpq sees a host, a port or a database.
[[nodiscard]] bool ambiguous(uri_layout const& layout);

/// "2001:db8::17:5432" without brackets: libpq reads a host "2001" and a port.
[[nodiscard]] bool is_bare_ipv6(uri_host const& host);

/// As libpq's parse_int_param takes a port: 0 for anything it or the range check would refuse.
[[nodiscard]] unsigned port_number(std::string_view text);

} // namespace schemagate::url
