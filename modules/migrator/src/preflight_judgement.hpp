// What the facts of a preflight mean for the migrations that are to be run. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/preflight.hpp"

namespace schemagate {

/// What the leader is about to do.
struct preflight_intent
{
    std::string catalog;
    std::string history_schema;
    std::string target_schema;
    bool history_empty = false; ///< nothing of this catalog and target is recorded, or about to be adopted
    bool adopting = false;      ///< an earlier tool's ledger is about to be adopted
    std::string first_script{}; ///< the first one that runs; "" if none does
    std::vector<lexer::creation> creations{}; ///< what it is sure to make first
};

/// What to say, and whether to stop. Whatever is not certain is a warning: a boot that would have worked is
/// never refused.
struct preflight_judgement
{
    std::vector<std::string> warnings;
    std::string overridden; ///< settings that the migrations do not suffer from; "" if there are none
    std::optional<failure> refusal;
};

[[nodiscard]] preflight_judgement judge_preflight(postgres::preflight_facts const& facts,
                                                  preflight_intent const& intent);

} // namespace schemagate
