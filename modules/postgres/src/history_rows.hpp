// SQL that writes the rows of schemagate.history. Texts, because a row travels in the message of its
// migration.
#pragma once

#include <string>

#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// INSERT of a row: of an applied script, or of one that runs in steps and is only begun (state `running`).
enum class row_state
{
    applied,
    running
};
/// `next`: as in steps_done, for the first step of a script that is begun. When it began: with the message
/// (now()), or where the row before it in the same message ended.
enum class row_start
{
    message,
    row_before
};
[[nodiscard]] std::string insert_row_sql(connection const& on, history_table const& table,
                                         history_entry const& entry, row_state state, row_start start,
                                         std::string const& next = {});

/// What a begun row is brought to as its script's steps are done.
struct steps_done
{
    std::int64_t row = 0;
    std::size_t steps = 0;
    std::string digest; ///< of the texts of those steps
    std::string
        next{}; ///< SQL: what is there before the next one (step_attempt.hpp); behind the digest and a blank
};
[[nodiscard]] std::string record_steps_sql(connection const& on, history_table const& table,
                                           steps_done const& done);

/// The row of a script whose steps are all done becomes `applied`.
[[nodiscard]] std::string finish_row_sql(connection const& on, history_table const& table, std::int64_t row,
                                         history_entry const& entry, steps_done const& done);

} // namespace schemagate::postgres
