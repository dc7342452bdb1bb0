// What was there before an attempt at a statement that cannot be recorded in its own transaction, so that
// whoever finds the attempt unfinished knows whether it was done, and what it left. A mark belongs to one
// attempt: it is written before it, and taken out where the server has said how the attempt ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "history_rows.hpp"
#include "schemagate/detach_statement.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
#include "stepped_script.hpp"

namespace schemagate::postgres {

enum class attempt_kind
{
    create,
    drop,
    reindex
};

struct attempt_mark
{
    attempt_kind kind = attempt_kind::create;
    std::string database; ///< session::database_identity(): OIDs mean nothing anywhere else
    std::string steps;    ///< digest of the script up to this statement
    std::string table;    ///< SQL: OID of the table; "" for none in particular (REINDEX SCHEMA, DATABASE)
    std::string indexes;  ///< OIDs: those of the table for create, INVALID ones for reindex, those to go
    std::string rest;     ///< create: the statement; reindex: the schema, "" for any
};

/// Of what mark_in() (step_runner.hpp) found; nullopt where it is none of an index.
[[nodiscard]] std::optional<attempt_mark> read_mark(std::string const& text);

/// A text expression, its value is the mark of an attempt at this step; "" for one that is recorded in its
/// own transaction, that has nothing to do with indexes, or that is not there. Names without a schema are
/// looked for in `schema`, or by the search_path if that is empty.
[[nodiscard]] attempt_question attempt_before(connection const& on, std::string const& database,
                                              stepped_script const& script, std::size_t step,
                                              std::string const& schema);

/// SQL: the OID of what has this name, or NULL.
[[nodiscard]] std::string regclass(connection const& on, lexer::relation_name const& name,
                                   std::string const& schema = {});

/// Of a procedure or DO block that commits by itself: this, and the digest of the steps up to it.
constexpr std::string_view attempt_of_call = "call:";

/// How far a partition's detach has come: one row, `pending`, `attached`, `detached` or NULL (its table or it
/// is not there). Names are looked up with the session's search_path.
[[nodiscard]] std::string detach_state_sql(connection const& on, lexer::detach_statement const& detach);
[[nodiscard]] std::string finalize_sql(connection const& on, lexer::detach_statement const& detach);

} // namespace schemagate::postgres
