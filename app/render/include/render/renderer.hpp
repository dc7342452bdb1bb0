// Snapshot and variables in, text out.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "prompt/prompt_version.hpp"

namespace app {

/// The text, or the messages as [{role,content}]. Throws problem: 422 `variables-missing` with `missing`,
/// `variable-type`, `render-limit`; 422 `template-invalid` for a version that somebody wrote by SQL and that
/// is no template of ours. Any thread.
[[nodiscard]] boost::json::value render(compiled_prompt const& prompt, boost::json::object const& variables);

/// Throws problem 422 `variables-missing` with `missing`, which names all of them.
void require_variables(compiled_prompt const& prompt, boost::json::object const& variables);

/// Names of required variables that are not there, in the order of the templates.
[[nodiscard]] std::vector<std::string> missing(compiled_prompt const& prompt,
                                               boost::json::object const& variables);

} // namespace app
