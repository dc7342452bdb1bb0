// Findings as programs read them.
#pragma once

#include <boost/json/array.hpp>
#include <vector>

#include "schemagate/finding.hpp"

namespace schemagate {

/// [{"code":…,"severity":…,"message":…,"fix":…},…]
[[nodiscard]] boost::json::array findings_json(std::vector<finding> const& findings);

} // namespace schemagate
