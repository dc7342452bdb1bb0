#include "database/database_error.hpp"

#include <algorithm>
#include <array>

namespace app {
namespace {

using kind = database_error::kind;

struct meaning
{
    std::string_view prefix;
    database_error::kind reason;
};

// The first that fits. What is not here is `failed`.
constexpr std::array meanings{
    meaning{"08", kind::lost},         // connection exception
    meaning{"57P05", kind::busy},      // idle_session_timeout: ended while nobody asked anything
    meaning{"57P", kind::lost},        // shut down, crashed, starting up, database dropped
    meaning{"25006", kind::read_only}, // read_only_sql_transaction
    meaning{"25P03", kind::busy},      // idle_in_transaction_session_timeout
    meaning{"25P04", kind::busy},      // transaction_timeout
    meaning{"53", kind::busy},         // out of connections, memory, disk
    meaning{"57014", kind::busy},      // statement_timeout, or cancelled
    meaning{"55P03", kind::busy},      // lock_timeout, or NOWAIT
    meaning{"40", kind::busy},         // serialization failure, deadlock
    meaning{"22", kind::refused},      // the value
    meaning{"23", kind::refused},      // a constraint
    meaning{"54", kind::refused},      // too large for an index, a column, a row
    meaning{"P0001", kind::refused},   // RAISE in a trigger of the schema,
    meaning{"PS", kind::refused},      // and the class that the schema has for its own
};

} // namespace

std::string_view name(kind reason) noexcept
{
    switch (reason) {
    case kind::lost: return "lost";
    case kind::busy: return "busy";
    case kind::read_only: return "read_only";
    case kind::unknown: return "unknown";
    case kind::refused: return "refused";
    case kind::failed: break;
    }
    return "failed";
}

kind kind_of_sqlstate(std::string_view sqlstate) noexcept
{
    auto const* const found = std::find_if(meanings.begin(), meanings.end(),
                                           [&](auto const& m) { return sqlstate.starts_with(m.prefix); });
    return found == meanings.end() ? kind::failed : found->reason;
}

} // namespace app
