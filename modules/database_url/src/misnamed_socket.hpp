// A socket's folder without its leading "/", which libpq takes for the name of a machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inspection.hpp"

namespace schemagate::url {

/// In words that may be shown: the folder itself only where it cannot hold a piece of the password.
struct misnamed_folder
{
    std::string what;    ///< "host=run/pg lacks its leading /"
    std::string who;     ///< "DATABASE_URL", "the environment variable PGHOST"
    std::string folder;  ///< "host=/run/pg"
    std::string besides; ///< " …" where the "/" may also begin a database, else ""
};

[[nodiscard]] std::optional<misnamed_folder> misnamed_socket(inspection const& i, std::string_view host);

} // namespace schemagate::url
