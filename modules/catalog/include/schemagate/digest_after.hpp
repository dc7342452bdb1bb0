// What the history's newest row says of the whole set.
#pragma once

#include <string>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/history.hpp"

namespace schemagate {

/// set_digest() of what is applied once `applied_now` is, for the row that records it: every version that is
/// applied, adopted, not needed or a baseline, and of the repeatables that `shipped` carries the newest text.
/// Scripts that are only begun are left out, and so are repeatables that `shipped` does not carry: a binary
/// that brings the whole of `shipped` ends at shipped.digest(). Any thread; `recorded` is one that
/// make_plan() took, or that plus the rows written since.
[[nodiscard]] std::string digest_after(catalog const& shipped, history const& recorded,
                                       std::vector<migration const*> const& applied_now);

} // namespace schemagate
