// A catalog for which nothing is recorded in a history that has rows of others: another name of the same one?
#pragma once

#include <string>

#include "boot_context.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate {

/// Where nothing is recorded for this catalog's name: throws applied_under_another_name().
void refuse_renamed_catalog(boot_context const& boot, postgres::connection& on);

/// What to say where this catalog is new to a history that others are recorded in.
[[nodiscard]] std::string other_catalogs_warning(std::string const& mine, std::string const& others);

} // namespace schemagate
