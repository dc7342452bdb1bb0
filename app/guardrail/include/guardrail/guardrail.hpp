// A rule for what goes into a prompt.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "screening/screen.hpp"

namespace app {

struct guardrail
{
    std::string id;
    std::string name;
    std::string description;
    std::string type;     ///< pii_detection, toxic_content, prompt_injection or content_policy
    std::string severity; ///< critical, high, medium or low
    std::string action;   ///< block, redact, warn or log
    boost::json::object config{};
    std::vector<std::string> applies_to_templates{};
    std::vector<std::string> applies_to_categories{};
    bool is_active = true;
    std::int64_t total_checks = 0;
    std::int64_t violation_count = 0;
    std::optional<std::string> created_by{};
    std::string created_at;
    std::string updated_at;

    /// With both scopes empty it applies to every prompt.
    [[nodiscard]] bool applies_to(std::string_view prompt, std::optional<std::string> const& category) const;
};

/// 0 for critical to 3 for low: the order in which guardrails look.
[[nodiscard]] int rank_of(std::string_view severity) noexcept;

/// POST /v1/guardrails and PUT /v1/guardrails/{name}, which may leave out the name.
struct guardrail_body
{
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::string type;
    std::string severity;
    std::string action;
    boost::json::object config;
    std::optional<std::vector<std::string>> applies_to_templates;
    std::optional<std::vector<std::string>> applies_to_categories;
    std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(guardrail_body, (),
                      (name, description, type, severity, action, config, applies_to_templates,
                       applies_to_categories, is_active))

/// Throws decode_error for a wrong shape, problem 422 `pattern-invalid` for a config that cannot be compiled.
[[nodiscard]] guardrail guardrail_of(guardrail_body body);

/// `effective`: whether it can find anything at all.
[[nodiscard]] boost::json::object to_json(guardrail const& g, bool effective);

} // namespace app
