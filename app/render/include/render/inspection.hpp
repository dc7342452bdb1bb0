// What the guardrails say of a prompt's variables.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapshot/snapshot.hpp"

namespace app {

struct violation
{
    guardrail const* rule; ///< of the snapshot
    std::string action;    ///< that follows: the rule's, or what a rule that could not run comes to
    std::size_t count = 0; ///< of matches; 0 if the rule could not run
    std::vector<std::string> entities{};
    bool could_not_run = false;
};

struct inspection
{
    /// The strictest action that follows: block, redact, warn or allow (log lets pass).
    std::string action = "allow";
    std::vector<violation> violations{}; ///< in the order of the guardrails
    /// The variables as they may be stored and rendered: what a rule redacts or blocks is replaced.
    boost::json::object variables{};
};

/// Looks at the string values of the variables, at any depth. Any thread.
[[nodiscard]] inspection inspect(std::vector<served_guardrail> const& guardrails, std::string_view prompt,
                                 std::optional<std::string> const& category, boost::json::object variables);

/// [{guardrail,type,severity,action,count}], as clients see it.
[[nodiscard]] boost::json::array violations_json(std::vector<violation> const& violations);
/// [{variable,entity,start,end}]: where a violation lies among the variables that are texts themselves, in
/// characters. For the author of a prompt; what is deeper in a value is not listed.
[[nodiscard]] boost::json::array hits_json(std::vector<served_guardrail> const& guardrails,
                                           violation const& of, boost::json::object const& variables);
/// The same with the names that v_guardrail_violations_summary reads.
[[nodiscard]] boost::json::array stored_violations(std::vector<violation> const& violations);

} // namespace app
