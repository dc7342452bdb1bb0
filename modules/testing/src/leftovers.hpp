// What killed processes left on a server that outlives them.
#pragma once

#include <string>

#include "admin_session.hpp"

namespace schemagate::testing {

/// Marks this process as alive, for as long as the session lives: an advisory lock that others see in
/// pg_locks, whichever database they are in.
void mark_alive(admin_session& on, std::string const& run_id);

/// Drops databases and schemas of processes that are gone, kept ones after seven days, and templates seven
/// days after they were made. What cannot be dropped is left: it may be somebody else's.
void drop_leftovers(admin_session& on);

/// The comment without which drop_leftovers() leaves a database or schema alone.
void mark_ours(admin_session& on, std::string const& database_or_schema, std::string const& name);

/// A comment by which drop_leftovers() knows that the test's database or schema is kept.
void mark_kept(admin_session& on, std::string const& database_or_schema, std::string const& name,
               std::string const& test);
/// The comment by which it knows how old a template is.
[[nodiscard]] std::string made_comment(admin_session const& on, std::string const& catalog);

} // namespace schemagate::testing
