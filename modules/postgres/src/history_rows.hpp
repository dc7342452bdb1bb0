// SQL that writes the rows of schemagate.history. Texts, because a row travels in the message of its
// migration.
#pragma once

#include <string>
#include <vector>

#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/prepared_statements.hpp"

namespace schemagate::postgres {

/// A text expression: what is there before a step (step_attempt.hpp). With a `value` it is the same for all
/// of its kind but for that value, which stands between its parts.
struct attempt_question
{
    std::string sql{};
    std::string value{}; ///< an array of text
    std::string rest{};

    [[nodiscard]] bool empty() const noexcept { return sql.empty(); }
    [[nodiscard]] std::string text(std::string const& of) const { return sql + of + rest; }
};

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
class history_row_sql
{
public:
    history_row_sql(connection const& on, history_table const& table, history_entry const& entry,
                    row_state state, row_start start, attempt_question next = {});

    /// What differs from row to row; the rest is the same throughout a session.
    [[nodiscard]] std::vector<statement_argument> arguments() const;
    /// The INSERT with these values, or with parameters in their places.
    [[nodiscard]] std::string text(std::vector<std::string> const& values) const;

private:
    connection const& on_;
    history_table const& table_;
    history_entry const& entry_;
    bool running_;
    row_start start_;
    attempt_question next_;
};

/// What a begun row is brought to as its script's steps are done.
struct steps_done
{
    std::int64_t row = 0;
    std::size_t steps = 0;
    std::string digest;      ///< of the texts of those steps
    attempt_question next{}; ///< what is there before the next one; behind the digest and a blank
};
[[nodiscard]] std::string record_steps_sql(connection const& on, history_table const& table,
                                           steps_done const& done);

/// What record_steps_sql() writes: behind a step that ran alone, with parameters in their places.
[[nodiscard]] std::vector<statement_argument> steps_arguments(connection const& on, steps_done const& done);
[[nodiscard]] std::string record_steps_sql(connection const& on, history_table const& table,
                                           steps_done const& done, std::vector<std::string> const& values);

/// The row of a script whose steps are all done becomes `applied`: the values, and the UPDATE with them or
/// with parameters in their places.
[[nodiscard]] std::vector<statement_argument>
finish_arguments(connection const& on, history_entry const& entry, steps_done const& done);
[[nodiscard]] std::string finish_row_sql(connection const& on, history_table const& table,
                                         std::vector<std::string> const& values);

} // namespace schemagate::postgres
