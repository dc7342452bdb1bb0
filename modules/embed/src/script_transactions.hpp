// Whether a script runs in one transaction of ours, and whether it can run at all.
#pragma once

#include <string>

#include "canonical.hpp"
#include "problem_sink.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/migration.hpp"

namespace schemagate {

/// The answer for canonical_script::transactional; PROTOCOL.md, "Script files". A BEGIN … COMMIT around the
/// whole file is blanked in `text`, since ours takes its place. Reports transaction control that would commit
/// half a migration, and whatever keeps a script that runs in steps from being resumed.
[[nodiscard]] bool settle_transactions(std::string& text, lexer::scan_result const& scanned,
                                       directives const& wanted, script_use use, problem_sink const& report);

} // namespace schemagate
