// The canonical form of one script: what is embedded, hashed, sent and diagnosed.
#pragma once

#include <string>

#include "problem_sink.hpp"
#include "schemagate/migration.hpp"

namespace schemagate {

enum class script_use
{
    migration,
    twin, ///< runs in a savepoint of a transaction that is rolled back
};

struct canonical_script
{
    std::string text;
    schemagate::directives directives;
    bool transactional = true; ///< one transaction of ours; otherwise in steps (lexer: script_steps.hpp)
};

/// Reports everything that must not be embedded; the result is usable only if nothing was reported. Lines and
/// columns of the result are those of the file.
[[nodiscard]] canonical_script canonical_form(std::string bytes, script_use use, problem_sink const& report);

} // namespace schemagate
