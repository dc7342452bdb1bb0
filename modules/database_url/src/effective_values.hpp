// What libpq 15 will use for each keyword: the text first, then the service, the environment, its own
// defaults (conninfo_add_defaults), and from these the list of endpoints (connectOptions2).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/connection_settings.hpp"
#include "schemagate/place.hpp"

#include "host_name.hpp"
#include "service_file.hpp"

namespace schemagate::url {

enum class origin
{
    nowhere,
    text,
    service,
    environment,
    built_in
};

class effective_values
{
public:
    effective_values() = default;
    effective_values(std::vector<connection_parameter> const& set, place const& where);

    /// "" where nothing sets it.
    [[nodiscard]] std::string const& value(std::string_view keyword) const;
    [[nodiscard]] origin from(std::string_view keyword) const;

    [[nodiscard]] std::string user() const;   ///< or the account's name
    [[nodiscard]] std::string dbname() const; ///< or the user's name

    /// A service is named, but nothing is known of what it sets.
    [[nodiscard]] bool service_unknown() const noexcept { return service_ != service_status::found; }
    /// … and libpq will not connect because of it.
    [[nodiscard]] bool service_refused() const noexcept { return service_ == service_status::refused; }

private:
    struct held
    {
        secret value;
        origin from = origin::nowhere;
    };
    [[nodiscard]] held const* of(std::string_view keyword) const;

    std::vector<held> values_;                       ///< in the order of libpq_keywords()
    service_status service_ = service_status::found; ///< also where none is named
};

/// One endpoint, as libpq will try it.
struct endpoint_values
{
    std::string host;     ///< name, or socket folder
    std::string hostaddr; ///< decides over host
    std::string port;
    bool port_named = false;
    bool default_socket = false;         ///< neither host nor hostaddr: libpq's own socket folder
    name_fault fault = name_fault::none; ///< of a host that is looked up
    bool usable = true;                  ///< no rule says that it cannot work

    [[nodiscard]] bool is_socket() const;
    [[nodiscard]] bool is_abstract() const { return host.starts_with('@'); }
    [[nodiscard]] std::string socket_path() const { return host + "/.s.PGSQL." + port; }
    [[nodiscard]] std::string const& target() const { return host.empty() ? hostaddr : host; }
};

struct endpoint_list
{
    std::vector<endpoint_values> all; ///< at least one
    bool counts_match = true;
};

[[nodiscard]] endpoint_list endpoints_of(effective_values const& values);

} // namespace schemagate::url
