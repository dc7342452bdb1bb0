#include "index_repair.hpp"

#include <algorithm>

#include "schemagate/lexer.hpp"
#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {
namespace {

constexpr auto invalid = "NOT (i.indisvalid AND i.indisready)";
// A partitioned index is INVALID until each partition has its own.
constexpr auto indexes = " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
                         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                         " WHERE c.relkind = 'i' AND ";
constexpr auto full_name = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";

std::string quoted(connection const& on, lexer::relation_name const& name)
{
    return on.literal(name.schema.empty() ? on.identifier(name.name)
                                          : on.identifier(name.schema) + "." + on.identifier(name.name));
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

// All that CREATE INDEX says but the names.
std::string definition(std::string const& index)
{
    return "(" + index + ".indisunique::pg_catalog.text || pg_catalog.regexp_replace(" +
           "pg_catalog.pg_get_indexdef(" + index + ".indexrelid), '^.*? USING ', ''))";
}

// What REINDEX CONCURRENTLY builds beside an index, and what is left of the old one: of the table, of its
// partitions, and of what holds their long values (TOAST).
std::string left_by_reindex(connection const& on, attempt_mark const& mark)
{
    auto const table = std::string{"coalesce((SELECT w.oid FROM pg_catalog.pg_class w"
                                   " WHERE w.reltoastrelid = i.indrelid), i.indrelid)"};
    return invalid + std::string{" AND c.relname ~ '_cc(new|old)[0-9]*$'"} +
           (mark.table.empty()
                ? ""
                : " AND (" + table + " = " + mark.table + " OR " + table +
                      " IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(" + mark.table + ") p))") +
           (mark.rest.empty() ? ""
                              : " AND (SELECT s.nspname FROM pg_catalog.pg_class t JOIN"
                                " pg_catalog.pg_namespace s ON s.oid = t.relnamespace WHERE t.oid = " +
                                    table + ") = " + on.literal(mark.rest) + "::pg_catalog.name") +
           " AND EXISTS (SELECT FROM pg_catalog.pg_index o JOIN pg_catalog.pg_class oc"
           " ON oc.oid = o.indexrelid WHERE o.indrelid = i.indrelid AND o.indisvalid"
           " AND pg_catalog.starts_with(oc.relname::pg_catalog.text,"
           " pg_catalog.regexp_replace(c.relname::pg_catalog.text, '_cc(new|old)[0-9]*$', '')) AND " +
           definition("o") + " = " + definition("i") + ")";
}

// By place and name alone.
std::string candidates(connection const& on, attempt_mark const& mark)
{
    auto const new_ones = indexes + std::string{"i.indexrelid NOT IN ("} + mark.indexes + ") AND ";
    auto const none = new_ones + "false";
    if (mark.kind == attempt_kind::reindex) {
        return new_ones + left_by_reindex(on, mark);
    }
    auto const statement = lexer::read_index_statement(mark.rest);
    if (mark.kind == attempt_kind::drop || !statement || statement->action != lexer::index_action::create) {
        return none;
    }
    auto const& name = statement->names.front().name;
    return new_ones + "i.indrelid = " + mark.table + " AND " +
           (name.empty() ? "c.relname ~ '_idx[0-9]*$'" // what the server calls one that has no name
                         : "c.relname = " + on.literal(name) + "::pg_catalog.name");
}

std::vector<found_index> ask(connection& on, std::string const& before, std::string const& fits,
                             std::string const& from, std::string const& behind)
{
    std::vector<found_index> found;
    auto const results = on.execute(before + "SELECT i.indexrelid, " + full_name + ", NOT " + invalid +
                                    ", pg_catalog.has_schema_privilege(n.oid, 'USAGE'), " + fits + from +
                                    " ORDER BY i.indexrelid" + behind);
    for (auto const& result : results) {
        for (auto const& row : result.rows) {
            found.push_back({row.at(0).value_or("0"), row.at(1).value_or(""), row.at(2) == "t",
                             row.at(3) == "t", row.at(4) == "t"});
        }
    }
    return found;
}

// The table has become another's since the attempt: in the server's words, with the way out.
sql_error not_owner(std::string const& index, std::string const& owner)
{
    server_error e;
    e.sqlstate = "42501";
    e.message = "must be owner of index " + index;
    e.hint = "Its table belongs to the role " + owner + " now";
    return sql_error{e};
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

found_indexes indexes_of(connection& on, attempt_mark const& mark)
{
    auto const from = candidates(on, mark);
    found_indexes found{ask(on, "", mark.kind == attempt_kind::reindex ? "true" : "false", from, "")};
    auto const statement = lexer::read_index_statement(mark.rest);
    if (found.all.empty() || mark.kind != attempt_kind::create || !statement) {
        return found;
    }
    if (lexer::scan(mark.rest).statements.size() != 1) { // whoever edited the history
        found.told = false;
        return found;
    }
    auto const names =
        on.execute("SELECT pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(c.relname),"
                   " pg_catalog.pg_has_role(c.relowner, 'USAGE'),"
                   " pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.relowner))"
                   " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                   " ON n.oid = c.relnamespace WHERE c.oid = " +
                   mark.table);
    auto const& row = names.at(0).rows.at(0); // it has indexes
    if (row.at(2) != "t") {
        throw not_owner(found.all.front().name, row.at(3).value_or(""));
    }
    auto const schema = row.at(0).value_or("") + ".";
    auto const copy = schema + "\"schemagate: what an index is to be\"";
    try {
        found.all = ask(on,
                        "BEGIN; CREATE TABLE " + copy + " (LIKE " + schema + row.at(1).value_or("") +
                            "); CREATE " + (statement->unique ? "UNIQUE " : "") + "INDEX ON " + copy + " " +
                            mark.rest.substr(statement->definition) + "\n; ",
                        definition("i") + " = (SELECT " + definition("w") +
                            " FROM pg_catalog.pg_index w WHERE w.indrelid = pg_catalog.to_regclass(" +
                            on.literal(copy) + "))",
                        from, "; ROLLBACK");
    }
    catch (sql_error const& e) {
        if (e.error.connection_lost) {
            throw;
        }
        roll_back(on);
        if (is_lock_conflict(e.error)) {
            throw;
        }
        found.told = false;
    }
    return found;
}

bool may_have_left_invalid(connection& on, attempt_mark const& mark)
{
    auto const found = ask(on, "", "false", candidates(on, mark), "");
    return std::any_of(found.begin(), found.end(), [](auto const& each) { return !each.valid; });
}

bool drop_left(connection& on, found_indexes const& found,
               std::function<void(std::string const& name, std::string const& fate)> const& tell)
{
    bool dropped = false;
    for (auto const& each : found.all) {
        if (each.valid || !each.fits) {
            continue;
        }
        // Right before the drop, and the lock first: what is INVALID after nobody held it stays INVALID.
        auto const now = on.execute(may_be_built(each.oid) + "; SELECT " + full_name + indexes + invalid +
                                    " AND i.indexrelid = " + each.oid);
        if (now.at(1).rows.empty()) { // valid meanwhile, or gone
            continue;
        }
        if (now.at(0).rows.at(0).at(0) == "t") {
            throw index_busy();
        }
        auto const name = now[1].rows.front().at(0).value_or("");
        if (!each.reachable) {
            tell(name, "only a superuser may drop it: DROP INDEX CONCURRENTLY " + name);
            continue;
        }
        tell(name, "it is dropped");
        on.execute("DROP INDEX CONCURRENTLY IF EXISTS " + name); // alone, as it has to be
        dropped = true;
    }
    return dropped;
}

} // namespace schemagate::postgres
