// What the database says has been done: the rows of schemagate.history, as the planner sees them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/version.hpp"

namespace schemagate {

/// One row of the history (PROTOCOL.md, "History"). Only what plans and reports need.
struct history_row
{
    std::int64_t id = 0; ///< order of writing
    std::string kind;    ///< versioned, repeatable, baseline, adopted, not-needed
    std::string version; ///< or a repeatable's name
    std::string description;
    std::string checksum;
    std::string state; ///< applied; running: begun outside a transaction and not finished
    std::string set_digest;
    bool verified = false;
    std::optional<std::string> breaks_older_than;
    std::string applied_at;    ///< ISO 8601 with zone, for people
    int statement_reached = 0; ///< running: how many of the script's steps are done
    /// running: a hash over the text of those steps; behind a blank, if the step that follows cannot be
    /// recorded in its own transaction, what was there before it.
    std::string steps_digest;
};

/// The rows of one catalog and target schema, ascending by id. Empty when there is no history yet.
using history = std::vector<history_row>;

} // namespace schemagate
