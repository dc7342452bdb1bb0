// What may be changed, and to what.
#pragma once

#include "schemagate/rewrite.hpp"

namespace schemagate::url {

/// Throws failure{errc::usage} for a change that cannot be made. Its messages show no value.
void judge_change(url_change const& change);

} // namespace schemagate::url
