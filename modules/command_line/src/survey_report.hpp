// What `status` and `plan` write about a database, for people and for programs. Pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "schemagate/migrator.hpp"

namespace schemagate {

[[nodiscard]] std::string status_text(survey const& s);
[[nodiscard]] boost::json::object status_json(survey const& s);

[[nodiscard]] std::string plan_text(survey const& s);
[[nodiscard]] boost::json::object plan_json(survey const& s);

/// The statement of `m`, counted from 1, at which it goes on; nullopt if it was not begun, or if its text has
/// no statement behind the steps that are done: then the next boot finds out what that means.
[[nodiscard]] std::optional<std::size_t> resumes_at(survey const& s, migration const& m);

/// "resumes at statement 4"; "was begun, with 3 steps done"; nothing if it was not begun.
[[nodiscard]] std::string resume_words(survey const& s, migration const& m);

/// "1 step", "3 steps".
[[nodiscard]] std::string steps(int count);

} // namespace schemagate
