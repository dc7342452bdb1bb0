// From what the server said to what the operator reads.
#pragma once

#include <string>

#include "boot_context.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

/// A script's error: file, line, column, statement, SQLSTATE; statement_timeout, disk_full and
/// permission_denied told apart. `remains`: what stays of it, in a sentence; "": nothing.
[[nodiscard]] failure script_failure(boot_context const& boot, migration const& of,
                                     postgres::script_error const& e, std::string const& remains);

/// The same of a script outside a transaction that is this far, and failed at this statement (from 1; 0: not
/// known).
[[nodiscard]] std::string what_remains(postgres::script_progress const& of, std::size_t statement);

/// An error of one of our own statements, `what` says where ("in step plan").
[[nodiscard]] failure server_failure(boot_context const& boot, std::string const& what,
                                     postgres::server_error const& e);

/// A signal. `undecided`: nobody saw what became of what was running.
[[nodiscard]] failure interrupted(bool undecided);

/// A script that committed or rolled back by itself.
[[nodiscard]] failure script_ended_transaction(std::string const& script);

/// A script after which the history is not as it must be.
[[nodiscard]] failure script_disturbed_history(boot_context const& boot, std::string const& script,
                                               std::string const& why);

/// What to type or change where a statement of a script was refused, ran into statement_timeout, or asked for
/// more than the server has (script_fix.cpp).
[[nodiscard]] std::string script_fix(boot_context const& boot, migration const& of,
                                     postgres::script_error const& e);
[[nodiscard]] std::string statement_timeout_fix(migration const& of);
[[nodiscard]] std::string resource_fix(postgres::server_error const& e);

/// The statement that grants what 42501 said is missing, or advice where the message names nothing.
[[nodiscard]] std::string grant_for(std::string const& server_message, std::string const& role,
                                    std::string const& database);

} // namespace schemagate
