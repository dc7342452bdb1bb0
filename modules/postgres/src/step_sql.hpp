// The SQL around the steps of a script.
#pragma once

#include <functional>
#include <optional>
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
             transaction_order const& order, migration_sql const& sql);

    /// The row of a script that begins, in a transaction of its own. Its COMMIT is not waited for: the log is
    /// written in order, so whatever a step leaves for good comes after this row.
    [[nodiscard]] std::string beginning(history_tail tail, attempt_question const& next) const;
    /// For the session: what a script's own SET changes has to last from step to step.
    [[nodiscard]] std::string settings() const;
    /// Between the two lock_timeout is 0; then it is what the script has set again. The first may be
    /// repeated.
    [[nodiscard]] static std::string without_lock_timeout();
    [[nodiscard]] static std::string lock_timeout_again();

    /// In the transaction of a step, behind it: it is still the one that took the fence; what `text` made;
    /// the record.
    [[nodiscard]] std::string recording(steps_done const& done, std::string_view text) const;
    /// Behind the last step: session put back; tail unchanged; objects; the row is `applied`; the new tail,
    /// as tail_after() reads it; COMMIT. `new_index`: as in recording_alone(). Not `durable`: a crash of the
    /// server may take all this, but not what tells the next boot that the last step was done.
    [[nodiscard]] std::string finishing(history_tail tail, steps_done const& done, bool durable,
                                        std::optional<std::string> const& new_index) const;
    /// A transaction of its own, with its record.
    [[nodiscard]] std::string recording_only(steps_done const& done) const;
    /// A transaction of its own; its last result but one is `steps_digest`.
    [[nodiscard]] std::string reading(std::int64_t row) const;
    /// Behind a step that ran alone; puts the lock_timeout back. `new_index`: of one that built an index
    /// concurrently, the name that it gives it or "". Not `durable`: a crash of the server may
    /// take the record, not what the step did.
    [[nodiscard]] std::string recording_alone(steps_done const& done, bool durable,
                                              std::optional<std::string> const& new_index) const;

private:
    [[nodiscard]] std::string ourselves() const;
    [[nodiscard]] std::string record_steps(steps_done const& done) const;
    [[nodiscard]] std::string gone() const;
    [[nodiscard]] std::string made(std::int64_t row, std::optional<std::string> const& new_index) const;

    session& session_;
    connection& on_;
    leadership const& leader_;
    history_table const& table_;
    transaction_order const& order_;
    migration_sql const& sql_;
};

/// Sends what is ours; where it fails, rolls back and throws what a broken requirement means.
std::vector<statement_result> execute_ours(connection& on, std::string const& sql);
/// The same for a message that may execute prepared statements: where a script has dropped them, it is made
/// again without.
std::vector<statement_result> execute_ours(connection& on, migration_sql const& sql,
                                           std::function<std::string()> const& message);

/// Throws fence_broken unless this is a COMMIT that was none of a failed transaction.
void require_commit(statement_result const& result);

/// Throws history_disturbed unless one of these results is that the script's row was written.
void require_one_row(std::vector<statement_result> const& results);

} // namespace schemagate::postgres
