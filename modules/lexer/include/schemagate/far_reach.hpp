// Whether a script changes more than the relations that it locks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagate::lexer {

/// Whether what is known of relations may be changed by the script although it takes no lock on them: a type,
/// function, collation, schema or table that they refer to is renamed or altered, or a function, DO block or
/// CALL does what its text does not show. False only for scripts of statements that cannot: CREATE, COMMENT,
/// GRANT, data and session, DROP (what goes along with it is locked), SELECT of some functions of
/// PostgreSQL's own, some ALTERs, and ALTER TABLE without RENAME, SET SCHEMA, ATTACH, DETACH and INHERIT.
/// What a trigger, a view or a default does is not looked for. Never throws for its content; linear in its
/// length.
[[nodiscard]] bool reaches_far(std::string_view script);

/// The same question for a script in steps, whose locks are gone when it is over: false only for building
/// indexes concurrently, dropping them so, data, session, upkeep (VACUUM), and values added to an enum.
[[nodiscard]] bool reaches_far_in_steps(std::string_view script);

/// Whether relations may be gone after the script: it reaches far, or says DROP, or makes a constraint of an
/// index, which then has the constraint's name.
[[nodiscard]] bool may_drop(std::string_view script);

/// ALTER SCHEMA … RENAME TO …: names as the catalog holds them.
struct schema_renaming
{
    std::string from;
    std::string to;
};

/// Those at the script's top level, in their order.
[[nodiscard]] std::vector<schema_renaming> renamed_schemas(std::string_view script);

} // namespace schemagate::lexer
