// Step 8: several small migrations in ONE message, each still a transaction of its own.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {

/// Whether this script may be part of a message: small (the server holds the parse of a whole message), no
/// COPY data, and nothing that changes how the rest is to be read.
[[nodiscard]] bool fits_in_message(std::string_view script);

/// Sends the orders as one message of BEGIN … COMMIT groups (PROTOCOL.md, "Speed"), each with its lock
/// check, last history row, script, session reset, objects and row, as apply_in_transaction() has them for
/// one.
///
/// The server parses a message whole before it runs any of it: where a script does not parse, those before it
/// are sent again without it. Whatever is thrown (see apply_in_transaction()), `at` is the index of the order
/// it belongs to, `tail` is that of what was committed, and `recorded` was called for each order before `at`.
/// After a lost connection more may be committed than was told: read the history.
void apply_in_message(session& on, leadership const& leader, history_table const& table,
                      std::span<transaction_order const> orders, history_tail& tail, std::size_t& at,
                      on_recorded const& recorded);

} // namespace schemagate::postgres
