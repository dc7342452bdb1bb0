// Where the engine's inner exceptions become the one public type, and every failure is told.
#pragma once

#include "boot_context.hpp"
#include "failure_mapping.hpp"
#include "schemagate/closing_line.hpp"
#include "schemagate/postgres/sql_error.hpp"

namespace schemagate {

/// Runs `work`; whatever the engine throws becomes a failure.
template <class Work>
auto translated(boot_context const& boot, Work const& work)
{
    try {
        return work();
    }
    catch (postgres::stop_requested const& e) {
        throw interrupted((e.undecided && boot.current_step() >= step::plan) || boot.undecided);
    }
    catch (postgres::sql_error const& e) {
        throw server_failure(boot, "in step " + std::string{name(boot.current_step())}, e.error);
    }
    catch (postgres::engine_exception const& e) { // each has a catch nearer to its cause
        throw internal_failure(e);
    }
}

/// The same, and the failure is told before it leaves.
template <class Work>
auto with_failures(boot_context& boot, Work const& work)
{
    try {
        return translated(boot, work);
    }
    catch (failure const& f) {
        auto const at = boot.current_step();
        boot.begin(at, f.code() == errc::interrupted ? boot_state::stopping : boot_state::refused);
        boot.tell(
            at, outcome::failed,
            {.script = f.script(),
             .message = f.message(),
             .fields = {{"code", std::string{f.code_name()}}, {"exit", std::to_string(f.exit_code())}}});
        throw;
    }
}

} // namespace schemagate
