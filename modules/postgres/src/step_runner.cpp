#include "schemagate/postgres/step_runner.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "index_repair.hpp"
#include "step_attempt.hpp"
#include "step_run.hpp"

namespace schemagate::postgres {

using lexer::step_kind;

step_run::step_run(session& on, leadership const& leader, history_table const& table,
                   transaction_order const& order, script_progress& progress, history_tail& tail,
                   step_listener const& listener)
    : session_{on}, on_{on.native()}, leader_{leader}, table_{table}, order_{order}, progress_{progress},
      tail_{tail}, listener_{listener}, sql_{on, leader, table,
                                             order.prepares ? reuse::none : reuse::prepared},
      texts_{on, leader, table, order, sql_}, script_{order.entry.applied->text}
{}

void step_run::run(on_recorded const& recorded)
{
    // Whatever the script is now: how far that statement came is not known.
    if (progress_.before.starts_with(attempt_of_call)) {
        throw unfinished_before();
    }
    if (progress_.row &&
        (progress_.done > script_.steps().size() || script_.digest_of(progress_.done) != progress_.digest)) {
        if (!order_.entry.applied->repeatable()) {
            throw begun_script_changed{progress_.done};
        }
        progress_.done = 0; // another text of it runs from its beginning
        progress_.digest.clear();
    }
    begin();
    for (std::size_t i = 0; i < script_.steps().size(); ++i) {
        auto const done = i < progress_.done;
        if (!done || script_.steps()[i].kind == step_kind::session) {
            if (!done) {
                listener_.begins(script_.steps()[i].first + 1, script_.statements());
            }
            run_step(i);
        }
    }
    settle_unseen(script_.steps().size());
    script_aftermath aftermath;
    finish(aftermath);
    recorded(0, aftermath);
}

steps_done step_run::done_after(std::size_t steps)
{
    return {progress_.row.value_or(0), steps, script_.digest_of(steps),
            attempt_before(on_, session_.database_identity(), script_, steps, "")};
}

// The row, where there is none yet, the script's settings; and, if the first step runs alone, what there is
// to know before it.
void step_run::begin()
{
    session_.settled(false);
    auto const row = progress_.row.has_value();
    auto const& database = session_.database_identity(); // before the script becomes another role
    auto const next =
        row ? attempt_question{} : attempt_before(on_, database, script_, 0, table_.target_schema());
    auto const results = ours([&] {
        auto sql = row ? std::string{} : texts_.beginning(tail_, next);
        sql += texts_.settings();
        return sql + (asks_at_once() ? before_alone(0) : std::string{});
    });
    if (asks_at_once()) {
        asked_ = results.back();
    }
    if (row) {
        return;
    }
    auto const committed =
        std::find_if(results.begin(), results.end(), [](auto const& r) { return r.tag == "COMMIT"; });
    require_commit(committed == results.end() ? results.back() : *committed);
    tail_ = tail_after(*std::prev(committed));
    progress_ = {};
    progress_.row = tail_.last_id;
    marked_ = next.empty() ? std::nullopt : std::optional<std::size_t>{0};
}

void step_run::run_step(std::size_t i)
{
    auto const& step = script_.steps()[i];
    told_last_ = step.kind == step_kind::transactional || step.kind == step_kind::block;
    progress_.statement = step.first + 1;
    progress_.alone = false;
    if (step.kind == step_kind::session) {
        send(step.first, step.first);
        return;
    }
    settle_unseen(i);
    switch (step.kind) {
    case step_kind::session:
    case step_kind::transactional: run_in_transaction(i); break;
    case step_kind::block: run_block(i); break;
    case step_kind::alone: run_alone(i); break;
    }
    progress_.resumed = false;
}

// Sends a step's statements as they are.
void step_run::send(std::size_t first, std::size_t last)
{
    try {
        run_script(on_, script_.text_of(first, last));
    }
    catch (script_error const& e) {
        if (!e.error.connection_lost) {
            roll_back(on_);
        }
        auto where = e.where;
        auto const begin = position_at(script_.text(), script_.statement(first).offset);
        where.column += where.line == 1 && where.column != 0 ? begin.column - 1 : 0;
        where.line = (where.line == 0 ? 1 : where.line) + begin.line - 1;
        where.statement = first + std::max<std::size_t>(where.statement, 1);
        throw script_error{e.error, where};
    }
}

void step_run::finish(script_aftermath& aftermath)
{
    auto const done = done_after(script_.steps().size());
    auto const results =
        guard_.execute(on_, sql_, [&] { return texts_.finishing(tail_, done, !told_last_, new_index_); });
    require_commit(results.back());
    auto const row = std::find_if(results.rbegin(), results.rend(),
                                  [](auto const& r) { return r.tag.starts_with("UPDATE"); });
    require_one_row({row == results.rend() ? statement_result{} : *row});
    tail_ = tail_after(results.at(results.size() - 2));
    aftermath.put_back = changed_session(results);
    session_.settled(true);
}

std::string mark_in(std::string const& steps_digest)
{
    auto const end = steps_digest.find(' ');
    return end == std::string::npos ? "" : steps_digest.substr(end + 1);
}

bool left_unsettled(session& on, std::string const& text)
{
    if (text.starts_with(attempt_of_call)) {
        return true;
    }
    auto const mark = read_mark(text);
    return mark && mark->database == on.database_identity() && may_have_left_invalid(on.native(), *mark);
}

bool has_begun(std::string_view text, std::size_t steps, std::string const& steps_digest)
try {
    stepped_script const script{text};
    auto const all = script.steps().size();
    return (steps > 0 && steps <= all &&
            script.digest_of(steps) == steps_digest.substr(0, steps_digest.find(' '))) ||
           (steps < all &&
            mark_in(steps_digest) == std::string{attempt_of_call} + script.digest_of(steps + 1));
}
catch (step_refused const&) {
    return false;
}

void apply_in_steps(session& on, leadership const& leader, history_table const& table,
                    transaction_order const& order, script_progress& progress, history_tail& tail,
                    step_listener const& listener, on_recorded const& recorded)
{
    step_run{on, leader, table, order, progress, tail, listener}.run(recorded);
}

} // namespace schemagate::postgres
