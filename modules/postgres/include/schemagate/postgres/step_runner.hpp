// Step 8 for a script that cannot be one transaction: step by step, each recorded, so that whoever comes
// after a crash goes on where it stopped.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate::postgres {

/// How far a script is. What the history holds of it, and what the next attempt begins with.
struct script_progress
{
    std::optional<std::int64_t> row; ///< of the history, once it is begun
    std::size_t done = 0;            ///< steps that are recorded
    std::string digest;              ///< of their texts, as recorded
    std::string before{};            ///< mark of an attempt at the next one whose end nobody saw
    /// An earlier attempt may have run the next step and not come to record it.
    bool resumed = false;
    /// An index is being built concurrently: stopped now, it is left INVALID.
    bool builds = false;
    std::size_t statement = 0; ///< the first of the step that was worked on, from 1; 0: none yet
    bool alone = false;        ///< which runs outside a transaction, and may commit by itself
    /// SQL that records the step that failed as done, where an earlier attempt may have done it.
    std::string way_out{};
};

/// Thrown when a part of the script that ran already is not what it was.
struct begun_script_changed : engine_exception
{
    explicit begun_script_changed(std::size_t done) : steps{done} {}
    std::size_t steps;
};

/// Thrown for a procedure or DO block that commits by itself and did not come to its end: nobody knows how
/// far it came, and what it committed stays.
struct call_unfinished : engine_exception
{
    script_position where;
    bool now = false;                  ///< in this attempt, not in an earlier one
    std::optional<server_error> error; ///< what ended it now; none: a stop was requested
    std::string way_out;               ///< SQL that records it as done; empty: the script was changed
    std::string again;                 ///< SQL after which it is run once more
};

/// Thrown where nobody can tell whether an attempt before this one did a statement, or what is its.
struct attempt_undecided : engine_exception
{
    script_position where;
    std::string about; ///< what is there
    std::string fix;   ///< both ways, with their commands
};

/// Thrown, before anything ran, for a script that cannot be resumed safely.
struct step_refused : engine_exception
{
    step_refused(std::size_t at, std::string why) : line{at}, message{std::move(why)} {}
    std::size_t line;
    std::string message;
};

/// What `steps_digest` of the history holds behind the digest: the mark of an attempt at the step that
/// follows, until its end is known.
[[nodiscard]] std::string mark_in(std::string const& steps_digest);

/// Whether an attempt with this mark left what only goes on in steps can settle: an INVALID index, or a
/// procedure that commits by itself and did not come to its end.
[[nodiscard]] bool left_unsettled(session& on, std::string const& mark);

/// Whether what a history row says of a script that was begun, `steps` and `steps_digest`, is true of this
/// text: those steps would run a second time.
[[nodiscard]] bool has_begun(std::string_view text, std::size_t steps, std::string const& steps_digest);

struct step_listener
{
    /// Before each step: its statement's number in the script, from 1, and of how many.
    std::function<void(std::size_t statement, std::size_t of)> begins;
    /// Something that an operator wants to know: a leftover that was dropped, a step found done.
    std::function<void(std::string const&)> notes;
};

/// Runs what is left of the script; the last step's record is the history row that becomes `applied`.
///
/// Ordinary statements, and BEGIN … COMMIT blocks of the script's own, are one transaction with their record:
/// never done twice. A statement that PostgreSQL refuses in a transaction runs alone, the lock checked before
/// it, and is recorded after it; where a crash lies between the two, an index is looked at, and anything else
/// is run again. It was built if a valid one is there that was not before, and is what the statement asks
/// for. An INVALID one of which the same is true is dropped: where the server reports an error by the attempt
/// itself, else by the next one, whatever the script has become; while another session may be building it,
/// that is a lock conflict. SET and RESET are not recorded but run again. CREATE INDEX CONCURRENTLY and its
/// like run with lock_timeout 0: cancelled by it they would leave an INVALID index.
///
/// `progress` and `tail` are brought up to date as steps are recorded, whatever is thrown. Throws
/// script_error, sql_error, fence_broken, history_disturbed, transaction_ended_by_script,
/// begun_script_changed, call_unfinished, attempt_undecided, step_refused, stop_requested. Not for use
/// behind a pooler.
void apply_in_steps(session& on, leadership const& leader, history_table const& table,
                    transaction_order const& order, script_progress& progress, history_tail& tail,
                    step_listener const& listener, on_recorded const& recorded);

} // namespace schemagate::postgres
