// Whether a script could leave a changed session behind.
#pragma once

#include <string_view>

namespace schemagate::lexer {

/// Whether the script's text could change more than the database: a statement SET (with LOCAL too, which the
/// rest of its transaction meets), RESET, DISCARD, [UN]LISTEN, PREPARE, DEALLOCATE, DECLARE or LOAD, the same
/// words anywhere inside a string or a body (DO, EXECUTE), temporary objects, set_config() and session-level
/// advisory locks. Too often true rather than too seldom (UPDATE … SET in a function's body); not seen is
/// what functions do that the script only calls. Never throws for its content; linear in its length.
[[nodiscard]] bool may_change_session(std::string_view script);

/// Whether the script's text could prepare statements or drop prepared ones: PREPARE, DEALLOCATE or DISCARD
/// as a statement or anywhere inside a string or a body. Implies may_change_session().
[[nodiscard]] bool may_prepare(std::string_view script);

} // namespace schemagate::lexer
