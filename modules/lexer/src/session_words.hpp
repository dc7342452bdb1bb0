// Words that tell that a statement does something to its session.
#pragma once

#include <array>
#include <string_view>

namespace schemagate::lexer {

/// PostgreSQL documentation, "9.28.10 Advisory Lock Functions": those that outlast the transaction, and those
/// that free what outlasts it.
inline constexpr std::array session_lock_functions{
    std::string_view{"pg_advisory_lock"},      std::string_view{"pg_advisory_lock_shared"},
    std::string_view{"pg_try_advisory_lock"},  std::string_view{"pg_try_advisory_lock_shared"},
    std::string_view{"pg_advisory_unlock"},    std::string_view{"pg_advisory_unlock_shared"},
    std::string_view{"pg_advisory_unlock_all"}};

} // namespace schemagate::lexer
