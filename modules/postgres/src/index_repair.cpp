#include "index_repair.hpp"

#include <algorithm>

#include "schemagate/postgres/step_runner.hpp"
#include "step_attempt.hpp"

namespace schemagate::postgres {
namespace {

constexpr auto quoted_name = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";

constexpr auto indexes = " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                         " LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.index_relid = c.oid"
                         " AND p.pid <> pg_catalog.pg_backend_pid()";

std::string quoted(connection const& on, lexer::relation_name const& name)
{
    return on.literal(name.schema.empty() ? on.identifier(name.name)
                                          : on.identifier(name.schema) + "." + on.identifier(name.name));
}

std::string regclass(connection const& on, lexer::relation_name const& name)
{
    return "pg_catalog.to_regclass(" + quoted(on, name) + ")";
}

// An index lies in the schema of its table.
std::string is_named(connection const& on, lexer::index_statement const& s)
{
    return "c.relname = " + on.literal(s.names.front().name) + " AND i.indrelid = " + regclass(on, s.table);
}

std::vector<std::string> names(connection& on, std::string const& condition)
{
    std::vector<std::string> found;
    auto const answer = on.execute(std::string{"SELECT "} + quoted_name + indexes + " WHERE " + condition +
                                   " AND NOT (i.indisvalid AND i.indisready) AND c.relkind = 'i'"
                                   " AND p.pid IS NULL ORDER BY 1");
    for (auto const& row : answer.at(0).rows) {
        found.push_back(row.at(0).value_or(""));
    }
    return found;
}

} // namespace

std::vector<statement_argument> place_arguments(connection const& on, lexer::index_statement const& statement)
{
    auto const named = !statement.names.empty() && !statement.names.front().name.empty();
    return {{"text", named ? on.literal(statement.names.front().name) : "NULL"},
            {"text", quoted(on, statement.table)}};
}

// An index lies in the schema of its table.
std::string state_sql(std::string const& name, std::string const& table)
{
    return "SELECT i.indisvalid AND i.indisready, i.indexrelid FROM pg_catalog.pg_index i"
           " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relname = " +
           name + "::pg_catalog.name AND i.indrelid = pg_catalog.to_regclass(" + table + ")";
}

index_state state_of(connection& on, statement_result const& answer)
{
    if (answer.rows.empty()) {
        return index_state::absent;
    }
    auto const& row = answer.rows.front();
    if (row.at(0) == "t") {
        return index_state::valid;
    }
    auto const built =
        on.execute("SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = " +
                   row.at(1).value_or("0") + " AND p.pid <> pg_catalog.pg_backend_pid()");
    return built.at(0).rows.empty() ? index_state::invalid : index_state::being_built;
}

std::vector<std::string> leftovers(connection& on, lexer::index_statement const& statement, bool unnamed)
{
    using lexer::index_action;
    // What REINDEX CONCURRENTLY builds beside the old index, and what is left of the old one.
    std::string const half_done = " AND c.relname ~ '_cc(new|old)[0-9]*$'";
    switch (statement.action) {
    case index_action::create:
        return !statement.names.front().name.empty() ? names(on, is_named(on, statement))
               : unnamed ? names(on, "i.indrelid = " + regclass(on, statement.table))
                         : std::vector<std::string>{};
    case index_action::reindex_index:
        return names(on, "i.indrelid = (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = " +
                             regclass(on, statement.names.front()) + ")" + half_done);
    case index_action::reindex_table:
        return names(on, "i.indrelid = " + regclass(on, statement.table) + half_done);
    case index_action::reindex_schema:
        return names(on, "n.nspname = " + on.literal(statement.names.front().schema) + half_done);
    case index_action::reindex_database: return names(on, "true" + half_done);
    case index_action::drop: break;
    }
    return {};
}

bool make_way(connection& on, lexer::index_statement const& statement, index_state state, bool resumed,
              std::string const& before, std::function<void(std::string const&)> const& notes)
{
    if (state == index_state::being_built) {
        server_error e;
        e.sqlstate = "55P03"; // lock_not_available: wait, and look again
        e.message = "another session is building this index";
        throw script_error{e, {}};
    }
    if (resumed && was_done(on, statement, before)) {
        notes("the attempt before this one has done this statement");
        return true;
    }
    auto const nothing_there =
        statement.action == lexer::index_action::create && state != index_state::invalid && !resumed;
    for (auto const& each : nothing_there ? std::vector<std::string>{} : leftovers(on, statement, resumed)) {
        notes("an attempt before this one left the INVALID index " + each +
              "; it is dropped and built again");
        on.execute("DROP INDEX CONCURRENTLY IF EXISTS " + each); // alone, as it has to be
    }
    return false;
}

void clear_away(connection& on, lexer::index_statement const& statement,
                std::function<void(std::string const&)> const& notes)
{
    if (statement.action != lexer::index_action::create) {
        return;
    }
    try {
        on.execute("SET lock_timeout = '2s'");
        for (auto const& each : leftovers(on, statement, false)) {
            on.execute("DROP INDEX CONCURRENTLY IF EXISTS " + each);
            notes("the build failed; what it left, the INVALID index " + each + ", is dropped");
        }
    }
    catch (sql_error const&) {
    }
}

std::vector<std::string> invalid_indexes(connection& on, std::string const& but_for)
{
    return names(on, "i.indexrelid NOT IN (" + but_for + ")");
}

} // namespace schemagate::postgres
