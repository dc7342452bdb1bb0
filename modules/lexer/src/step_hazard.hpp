// What a statement of a script that is run in steps leaves in the session, as far as its text shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

enum class session_effect
{
    none,
    lasting, ///< changes only the session, and can be run again: SET, RESET, LOAD, …
    local,   ///< means something only until the end of a transaction: SET LOCAL, LOCK, SAVEPOINT, …
};

struct step_effect
{
    session_effect effect = session_effect::none;
    /// Why no later step may count on what the statement made, and what to write instead.
    std::optional<std::string> hazard;
};

/// Of one statement that is no BEGIN, COMMIT or ROLLBACK. One pass over it, without keeping its tokens.
[[nodiscard]] step_effect effect_of(std::string_view script, statement const& of, bool in_block);

} // namespace schemagate::lexer
