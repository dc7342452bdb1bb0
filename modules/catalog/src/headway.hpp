// A database that is ahead of this binary (PROTOCOL.md, "Settings": SCHEMAGATE_NEWER).
#pragma once

#include <string>

#include "recorded.hpp"
#include "schemagate/catalog.hpp"

namespace schemagate {

/// In what the database is ahead of this binary.
struct headway
{
    bool in_versions = false;
    recorded_version const* late = nullptr;   ///< the lowest that applied_late()
    migration const* in_repeatable = nullptr; ///< the first of mine whose text was replaced by a later one
    history_row const* replaced_by = nullptr;

    [[nodiscard]] bool holds_more() const noexcept { return in_versions || late != nullptr; }
    [[nodiscard]] bool any() const noexcept { return holds_more() || in_repeatable != nullptr; }

    /// "the database is at version 0009, ahead of this binary, which …", without a full stop. Only if any().
    [[nodiscard]] std::string words(catalog const& shipped, recorded_set const& recorded) const;
};

[[nodiscard]] headway headway_of(catalog const& shipped, recorded_set const& recorded);

/// Whether this version, which the binary lacks, came after a higher one that it carries: merged late, and
/// brought by a newer binary.
[[nodiscard]] bool applied_late(recorded_version const& theirs, catalog const& shipped,
                                recorded_set const& recorded);

/// A recorded migration that says it breaks binaries as old as this one; nullptr: none does.
[[nodiscard]] history_row const* breaking_row(catalog const& shipped, recorded_set const& recorded,
                                              history const& rows);

} // namespace schemagate
