#include "index_repair.hpp"

#include "step_attempt.hpp"

namespace schemagate::postgres {
namespace {

// Those that are not valid; a partitioned one is INVALID until each partition has its own.
constexpr auto invalid = " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                         " WHERE NOT (i.indisvalid AND i.indisready) AND c.relkind = 'i' AND ";

std::string quoted(connection const& on, lexer::relation_name const& name)
{
    return on.literal(name.schema.empty() ? on.identifier(name.name)
                                          : on.identifier(name.schema) + "." + on.identifier(name.name));
}

// An index lies in the schema of its table.
std::string is_named(connection const& on, lexer::index_statement const& s)
{
    return "c.relname = " + on.literal(s.names.front().name) +
           "::pg_catalog.name AND i.indrelid = pg_catalog.to_regclass(" + quoted(on, s.table) + ")";
}

// Whoever builds an index concurrently holds this lock of its table from before the index is there until it
// is valid or given up; pg_locks shows it of every role. VACUUM and ANALYZE take it too, and build nothing.
std::string may_be_built(std::string const& oid)
{
    return "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.granted"
           " AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()"
           " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
           " WHERE d.datname = pg_catalog.current_database())"
           " AND l.relation = (SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = " +
           oid +
           ") AND l.pid NOT IN (SELECT v.pid FROM pg_catalog.pg_stat_progress_vacuum v"
           " UNION ALL SELECT a.pid FROM pg_catalog.pg_stat_progress_analyze a))";
}

std::vector<std::string> invalid_oids(connection& on, std::string const& condition)
{
    std::vector<std::string> found;
    auto const answer = on.execute(std::string{"SELECT i.indexrelid"} + invalid + condition + " ORDER BY 1");
    for (auto const& row : answer.at(0).rows) {
        found.push_back(row.at(0).value_or("0"));
    }
    return found;
}

bool drop_invalid(connection& on, std::string const& condition,
                  std::function<void(std::string const&)> const& tell)
{
    bool dropped = false;
    for (auto const& oid : invalid_oids(on, condition)) {
        // Right before the drop, and the lock first: what is INVALID after nobody held it stays INVALID.
        auto const now = on.execute(may_be_built(oid) +
                                    "; SELECT pg_catalog.quote_ident(n.nspname) || '.' ||"
                                    " pg_catalog.quote_ident(c.relname)" +
                                    invalid + "i.indexrelid = " + oid);
        if (now.at(1).rows.empty()) { // valid meanwhile, or gone
            continue;
        }
        if (now.at(0).rows.at(0).at(0) == "t") {
            throw index_busy();
        }
        auto const name = now[1].rows.front().at(0).value_or("");
        tell(name);
        on.execute("DROP INDEX CONCURRENTLY IF EXISTS " + name); // alone, as it has to be
        dropped = true;
    }
    return dropped;
}

} // namespace

script_error index_busy()
{
    server_error e;
    e.sqlstate = "55P03";
    e.message = "another session may be building this index";
    return {e, {}};
}

std::vector<statement_argument> place_arguments(connection const& on, lexer::index_statement const& statement)
{
    auto const named = !statement.names.empty() && !statement.names.front().name.empty();
    return {{"text", named ? on.literal(statement.names.front().name) : "NULL"},
            {"text", quoted(on, statement.table)}};
}

// An index lies in the schema of its table.
std::string state_sql(std::string const& name, std::string const& table)
{
    return "SELECT i.indisvalid AND i.indisready FROM pg_catalog.pg_index i"
           " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE c.relname = " +
           name + "::pg_catalog.name AND i.indrelid = pg_catalog.to_regclass(" + table + ")";
}

index_state state_of(statement_result const& answer)
{
    return answer.rows.empty()                  ? index_state::absent
           : answer.rows.front().front() == "t" ? index_state::valid
                                                : index_state::invalid;
}

bool left_invalid(connection& on, std::string const& mark)
{
    auto const condition = made_by_attempt(on, mark);
    return !condition.empty() && !invalid_oids(on, condition).empty();
}

bool drop_left(connection& on, std::string const& mark, std::function<void(std::string const&)> const& tell)
{
    auto const condition = made_by_attempt(on, mark);
    return !condition.empty() && drop_invalid(on, condition, tell);
}

bool make_way(connection& on, lexer::index_statement const& statement, index_state state, bool resumed,
              std::string const& mark, std::function<void(std::string const&)> const& notes)
{
    if (resumed && was_done(on, statement, mark)) {
        notes("the attempt before this one has done this statement");
        return true;
    }
    if (state == index_state::invalid) {
        drop_invalid(on, is_named(on, statement), [&](std::string const& name) {
            notes("the index " + name + " is INVALID; it is dropped and built again");
        });
    }
    return false;
}

} // namespace schemagate::postgres
