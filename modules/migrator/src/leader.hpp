// Steps 7 to 9, under the lock: plan, apply, verify. The leaves of the flow; boot_flow.cpp holds its `if`s.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "batch.hpp"
#include "boot_context.hpp"
#include "history_writer.hpp"
#include "lock_watch.hpp"
#include "plan_runner.hpp"
#include "schemagate/connection_settings.hpp"
#include "schemagate/plan.hpp"

namespace schemagate {

/// The one process that may write, for as long as its session lives: the history's writer, the watch over
/// locks, and the runner of a plan.
class leader
{
public:
    /// `where`: what `on` is connected to.
    leader(boot_context& boot, connection_settings const& where, postgres::session on,
           std::unique_ptr<postgres::leadership> lock, std::chrono::milliseconds lock_wait);

    /// Step 7. Reads the history anew (what was read without the lock may be old) and plans; then makes the
    /// history if there is none, and adopts what an earlier tool's migration table stands for. Throws the
    /// contradictions of make_plan() and failure{adoption_refused} before it writes anything.
    [[nodiscard]] plan prepare();

    /// Step 8 for one batch of the plan.
    void apply(batch const& what, plan const& planned, postgres::on_recorded const& recorded)
    {
        runner_.apply(what, planned, recorded);
    }

    /// Step 9.
    void verify() { history_.verify(); }

    /// Lets this role read the history, if it cannot yet.
    void admit_reader(std::string const& role) { history_.admit_reader(role); }
    /// Who logged in: with SCHEMAGATE_RUN_AS not who owns the history, and every boot looks at it as this
    /// role before it leads.
    [[nodiscard]] std::string login_role();

private:
    [[nodiscard]] plan make_plan_that_resumes() const;
    [[nodiscard]] bool forget_started(plan const& planned);
    void warn_of_other_catalogs();

    boot_context& boot_;
    history_writer history_;
    lock_watch watch_;
    plan_runner runner_;
};

} // namespace schemagate
