// One script outside a transaction, run step by step: the parts of apply_in_steps().
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "history_rows.hpp"
#include "index_guard.hpp"
#include "index_repair.hpp"
#include "migration_sql.hpp"
#include "schemagate/detach_statement.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/step_runner.hpp"
#include "step_attempt.hpp"
#include "step_sql.hpp"
#include "stepped_script.hpp"

namespace schemagate::postgres {

class step_run
{
public:
    step_run(session& on, leadership const& leader, history_table const& table,
             transaction_order const& order, script_progress& progress, history_tail& tail,
             step_listener const& listener);

    void run(on_recorded const& recorded);

private:
    /// The row, where there is none yet, the script's settings, what was not valid before; and, if the first
    /// step runs alone, what there is to know before it.
    void begin();
    void run_step(std::size_t i);

    // What an attempt whose end nobody saw has done or left, before step i (step_unseen.cpp).
    void settle_unseen(std::size_t i);
    void settle_drop(std::size_t i, attempt_mark const& mark);
    void settle_build(std::size_t i, attempt_mark const& mark, bool same);
    void settle_build_elsewhere(std::size_t i, attempt_mark mark);
    [[nodiscard]] attempt_undecided built_perhaps(std::size_t i, found_index const& what) const;
    [[nodiscard]] attempt_undecided undecided(std::size_t i, std::string about,
                                              std::string const& one_way) const;
    [[nodiscard]] std::string way_out(std::size_t i) const;
    /// Session put back, row `applied`.
    void finish(script_aftermath& aftermath);
    /// Sends a step's statements as they are.
    void send(std::size_t first, std::size_t last);

    // In a transaction with its record (step_in_transaction.cpp).
    void run_in_transaction(std::size_t i);
    void run_block(std::size_t i);
    void run_call(std::size_t i, server_error const& inside);
    [[nodiscard]] call_unfinished unfinished(std::size_t i) const;
    [[nodiscard]] call_unfinished unfinished_before() const;
    void commit_with_record(std::size_t i, std::string const& commit);
    void take_over(steps_done const& done, std::vector<statement_result> const& results);

    // Alone, as the statement demands (step_alone.cpp).
    [[nodiscard]] bool asks_at_once() const;
    [[nodiscard]] std::string before_alone(std::size_t i);
    [[nodiscard]] std::optional<lexer::index_statement> index_of(std::size_t i) const;
    [[nodiscard]] std::optional<lexer::detach_statement> detach_of(std::size_t i) const;
    [[nodiscard]] bool finish_detach(std::size_t i);
    void run_alone(std::size_t i);
    void record_alone(std::size_t i, bool durable);
    void mark(std::size_t i);
    void make_way(std::size_t i, lexer::index_statement const& index);
    void close_failed();

    [[nodiscard]] steps_done done_after(std::size_t steps);
    std::vector<statement_result> ours(std::string const& sql) { return execute_ours(on_, sql); }
    std::vector<statement_result> ours(std::function<std::string()> const& message)
    {
        return execute_ours(on_, sql_, message);
    }

    session& session_;
    connection& on_;
    leadership const& leader_;
    history_table const& table_;
    transaction_order const& order_;
    script_progress& progress_;
    history_tail& tail_;
    step_listener const& listener_;
    migration_sql sql_;
    step_sql texts_;
    stepped_script script_;
    index_guard guard_;
    bool looked_ = false;         ///< settle_unseen() has
    bool done_before_ = false;    ///< the attempt that nobody saw the end of has done the step that is next
    bool perhaps_before_ = false; ///< it may have
    std::optional<std::size_t> marked_;    ///< the step whose mark is written, by this attempt
    std::optional<std::string> new_index_; ///< the last step built it, and it is not recorded yet
    bool told_last_ = false; ///< the last step that ran is recorded, or tells by itself that it was done
    std::optional<statement_result> asked_; ///< what before_alone() was answered
};

} // namespace schemagate::postgres
