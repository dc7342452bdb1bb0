// What an empty history may mean: a new database, or one that an earlier tool made (the directive `adopts`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "history_writer.hpp"

namespace schemagate {

/// The rows of what the earlier tool's migration table stands for: the first ones of the catalog. Throws
/// failure{adoption_refused}.
[[nodiscard]] std::vector<postgres::transaction_order> adoptions(boot_context const& boot,
                                                                 history_writer& writer);

} // namespace schemagate
