// How a repeatable script of mine stands in the history.
#pragma once

#include "recorded.hpp"
#include "schemagate/migration.hpp"

namespace schemagate {

struct repeatable_standing
{
    bool due = true;                       ///< its text was never applied, and is no older release's
    history_row const* begun = nullptr;    ///< due, and begun already
    history_row const* replaced = nullptr; ///< not due: the later text, applied after mine or instead of it
};

/// Identified by name and checksum. A row of another text that was only begun says nothing: its binary will
/// finish it, or mend it.
[[nodiscard]] repeatable_standing standing_of(migration const& mine, recorded_set const& recorded);

} // namespace schemagate
