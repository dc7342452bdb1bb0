// The SQL around the steps of a script.
#pragma once

#include <string>
#include <vector>

#include "history_rows.hpp"
#include "migration_sql.hpp"
#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {

class step_sql
{
public:
    step_sql(session& on, leadership const& leader, history_table const& table,
             transaction_order const& order);

    /// For the session: what a script's own SET changes has to last from step to step.
    [[nodiscard]] std::string settings() const;
    [[nodiscard]] std::string lock_timeout() const;

    /// In the transaction of a step, behind it: it is still the one that took the fence; the record.
    [[nodiscard]] std::string recording(steps_done const& done) const;
    /// Behind the last step: session put back; tail unchanged; objects; the row is `applied`; the new tail,
    /// as tail_after() reads it; COMMIT.
    [[nodiscard]] std::string finishing(migration_sql const& sql, history_tail tail, std::string_view script,
                                        steps_done const& done) const;
    /// In a transaction of its own.
    [[nodiscard]] std::string recording_only(steps_done const& done) const;
    /// Behind a step that ran alone; puts the lock_timeout back. Not `durable`: a crash of the server may
    /// take the record, not what the step did.
    [[nodiscard]] std::string recording_alone(steps_done const& done, bool durable) const;

private:
    [[nodiscard]] std::string ourselves() const;

    session& session_;
    connection& on_;
    leadership const& leader_;
    history_table const& table_;
    transaction_order const& order_;
};

/// Sends what is ours; where it fails, rolls back and throws what a broken requirement means.
std::vector<statement_result> execute_ours(connection& on, std::string const& sql);

/// Throws fence_broken unless this is a COMMIT that was none of a failed transaction.
void require_commit(statement_result const& result);

/// Throws history_disturbed unless one of these results is that the script's row was written.
void require_one_row(std::vector<statement_result> const& results);

} // namespace schemagate::postgres
