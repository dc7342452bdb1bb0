// What a guardrail's config says, in the forms of ours and of the earlier system.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "pattern.hpp"
#include "pattern_set.hpp"
#include "screening/detectors.hpp"
#include "screening/folded_text.hpp"

namespace app {

/// One pattern of the config.
struct screening_rule
{
    std::string entity;
    std::optional<known_entity> known; ///< whose rules a match has to pass, too
    bool luhn = false;                 ///< and the check digit
    bool original_text = true;         ///< reads the text as it is, not only folded
    folding how;
    pattern expression;
};

struct guardrail_config
{
    std::vector<known_entity> detectors;
    std::vector<screening_rule> rules;
    std::vector<folding> foldings; ///< that some rule reads
    pattern_set any_rule;
};

/// The patterns that one guardrail may have.
inline constexpr auto pattern_count_max = std::size_t{100};

/// Throws pattern_invalid. What it does not know in the config (redaction_mode, threshold …) it leaves alone.
guardrail_config read_guardrail_config(std::string_view guardrail_type, boost::json::object const& config);

} // namespace app
