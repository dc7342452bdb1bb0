// The SQL around one migration's script, from BEGIN to its history row: the same whether it travels in one
// message with the script, or in messages before and after it.
//
// A message cannot branch. What has to be true is therefore asked in a way that ends the message with an
// error: a cast to boolean of a word that is none, whose text says what was not true.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {

/// The place of an order's tail in a message whose earlier orders are not committed yet.
struct planned_tail
{
    history_tail known;                        ///< what the plan was made from
    transaction_order const* newest = nullptr; ///< the last of those that this message writes before
};

/// Whether the server keeps what it has parsed and planned, for the scripts that follow.
enum class reuse
{
    prepared,
    none
};

/// What its functions yield is to be sent in the order in which they are called (prepared_statements).
class migration_sql
{
public:
    migration_sql(session& on, leadership const& leader, history_table const& table, reuse how = reuse::none);

    /// BEGIN, settings, the fence. `isolation`: as in transaction_order.
    [[nodiscard]] std::string opening(bool follows_ours = false, std::string const& isolation = {}) const;
    /// The tail is as planned (a statement of its own: its snapshot is newer than the fence), and the
    /// script's settings. `mark` comes back as the value of a column "schemagate_mark", and one more result
    /// behind it.
    [[nodiscard]] std::string entering(transaction_order const& order, planned_tail const& tail,
                                       std::string_view mark = {}) const;
    /// What the script left changed, as "schemagate_changed".
    [[nodiscard]] std::string changed_session(transaction_order const& order,
                                              std::string_view mark = {}) const;
    /// The same; then session and role put back, fence still
    /// up, tail unchanged.
    [[nodiscard]] std::string leaving(transaction_order const& order, planned_tail const& tail,
                                      std::string_view mark = {}) const;
    /// Objects, history row; then the new tail as "schemagate_last_id".
    [[nodiscard]] std::string recording(transaction_order const& order, planned_tail const& tail,
                                        std::string_view mark = {}) const;

    /// The record of objects follows what this transaction made, altered or dropped.
    [[nodiscard]] std::string objects(transaction_order const& order) const;

    [[nodiscard]] std::string require_tail(planned_tail const& tail) const;
    /// Requires that this is the newest row, and yields the new tail, as tail_after() reads it.
    [[nodiscard]] std::string new_tail(history_entry const& written, std::string_view mark = {},
                                       bool often = true) const;
    /// Before and behind a script that may prepare statements: the next one finds none of its, and it finds
    /// none of ours or of others.
    [[nodiscard]] std::string drop_prepared(transaction_order const& order) const;
    /// Ends whatever a script did to its session, and sets what is ours.
    [[nodiscard]] std::string put_back(transaction_order const& order) const;

    /// Whether an error is that a script has dropped what we had prepared, or prepared what the next one
    /// prepares, where its text did not show it. From then on nothing is prepared, and all is dropped around
    /// each script.
    [[nodiscard]] bool lost_prepared(server_error const& e) const noexcept;
    /// One more statement of ours: prepared if that pays, and the session is used so.
    [[nodiscard]] std::string run(bool prepare, std::string_view name,
                                  std::vector<statement_argument> const& arguments,
                                  prepared_statements::writer const& text) const;

private:
    [[nodiscard]] std::string begin(std::string const& isolation) const;
    [[nodiscard]] std::string tail_sql(planned_tail const& tail, std::string const& newest) const;
    [[nodiscard]] std::vector<statement_argument> tail_arguments(planned_tail const& tail) const;

    session& on_;
    connection& native_;
    leadership const& leader_;
    history_table const& table_;
    bool prepare_;
};

/// What must be true, or the message ends: `word` is found again by broken_requirement().
[[nodiscard]] std::string require_sql(std::string const& condition, std::string_view word);

/// The word of the requirement that this error comes from, if it comes from one.
[[nodiscard]] std::optional<std::string> broken_requirement(server_error const& e);

/// Throws what a broken requirement means; returns if the error comes from none.
void throw_broken_requirement(server_error const& e);

/// The tail that the last statement of recording() shows.
[[nodiscard]] history_tail tail_after(statement_result const& r);

/// What changed_session() was answered, "" for nothing.
[[nodiscard]] std::string changed_session(std::vector<statement_result> const& results);

/// A row's value under this column, if the result has it and a row.
[[nodiscard]] std::optional<std::string> value_of(statement_result const& r, std::string_view column);

} // namespace schemagate::postgres
