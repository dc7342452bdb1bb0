#include "step_attempt.hpp"

namespace schemagate::postgres {
namespace {

constexpr std::string_view created = "create:";
constexpr std::string_view dropped = "drop:";
constexpr std::string_view reindexed = "reindex:";

// What the server calls an index that its statement gives no name.
constexpr auto chosen_by_server = "c.relname ~ '_idx[0-9]*$'";
// What REINDEX CONCURRENTLY builds beside the old index, and what is left of the old one.
constexpr auto made_by_reindex = "c.relname ~ '_cc(new|old)[0-9]*$'";

std::string quoted(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    auto const& in = name.schema.empty() ? schema : name.schema;
    return on.literal((in.empty() ? std::string{} : on.identifier(in) + ".") + on.identifier(name.name));
}

std::string regclass(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    return "pg_catalog.to_regclass(" + quoted(on, name, schema) + ")";
}

std::string oids_of(std::string const& indexes)
{
    return "coalesce((SELECT pg_catalog.string_agg(i.indexrelid::pg_catalog.text, ',')"
           " FROM pg_catalog.pg_index i WHERE " +
           indexes + "), '')";
}

// "1,2,3" of a column that anybody could have edited; "0" for none, which is no object's.
std::string oids(std::string const& list)
{
    return list.empty() || list.find_first_not_of("0123456789,") != std::string::npos ? "0" : list;
}

// create:TABLE:INDEXES:NAME and reindex:TABLE:INDEXES:SCHEMA, the last of them any text.
struct build_mark
{
    std::string table;
    std::string indexes;
    std::string name;
};

build_mark read_mark(std::string_view prefix, std::string const& mark)
{
    auto const table = prefix.size();
    auto const indexes = mark.find(':', table);
    auto const name = indexes == std::string::npos ? indexes : mark.find(':', indexes + 1);
    if (name == std::string::npos) {
        return {"0", "0", ""};
    }
    return {oids(mark.substr(table, indexes - table)), oids(mark.substr(indexes + 1, name - indexes - 1)),
            mark.substr(name + 1)};
}

std::string named(connection const& on, std::string const& name)
{
    return name.empty() ? chosen_by_server : "c.relname = " + on.literal(name) + "::pg_catalog.name";
}

std::string reindex_sql(connection const& on, lexer::index_statement const& statement,
                        std::string const& schema)
{
    using lexer::index_action;
    std::string table = "NULL";
    std::string in_schema = "''";
    if (statement.action == index_action::reindex_index) {
        table = "(SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = " +
                regclass(on, statement.names.front(), schema) + ")";
    }
    else if (statement.action == index_action::reindex_table) {
        table = regclass(on, statement.table, schema) + "::pg_catalog.oid";
    }
    else if (statement.action == index_action::reindex_schema) {
        in_schema = on.literal(statement.names.front().schema);
    }
    return "'" + std::string{reindexed} + "' || coalesce(" + table + ", 0)::pg_catalog.text || ':' || " +
           oids_of("NOT (i.indisvalid AND i.indisready)") + " || ':' || " + in_schema;
}

} // namespace

attempt_question attempt_sql(connection const& on, std::optional<lexer::index_statement> const& statement,
                             std::string const& schema)
{
    if (!statement || !statement->concurrently) {
        return {};
    }
    if (statement->action == lexer::index_action::create) {
        return {
            "(SELECT '" + std::string{created} + "' || coalesce(t.oid, 0)::pg_catalog.text || ':' || " +
                oids_of("i.indrelid = t.oid") +
                " || ':' || t.name FROM (SELECT pg_catalog.to_regclass(q.place[2])::pg_catalog.oid AS oid,"
                " q.place[1] AS name FROM (SELECT ",
            "ARRAY[" + on.literal(statement->names.front().name) + ", " +
                quoted(on, statement->table, schema) + "]",
            " AS place) q) t)"};
    }
    if (statement->action == lexer::index_action::drop) {
        std::string all;
        for (auto const& name : statement->names) {
            all += (all.empty() ? "" : ", ") + regclass(on, name, schema) + "::pg_catalog.oid";
        }
        return {"'" + std::string{dropped} +
                "' || coalesce((SELECT pg_catalog.string_agg(x.oid::pg_catalog.text, ',')"
                " FROM pg_catalog.unnest(ARRAY[" +
                all + "]) AS x (oid)), '')"};
    }
    return {reindex_sql(on, *statement, schema)};
}

attempt_question attempt_before(connection const& on, stepped_script const& script, std::size_t step,
                                std::string const& schema)
{
    if (step >= script.steps().size() || script.steps()[step].kind != lexer::step_kind::alone) {
        return {};
    }
    auto const at = script.steps()[step].first;
    return attempt_sql(on, lexer::read_index_statement(script.text_of(at, at)), schema);
}

bool was_done(connection& on, lexer::index_statement const& statement, std::string const& mark)
{
    std::string condition;
    if (mark.starts_with(created) && statement.action == lexer::index_action::create) {
        condition =
            "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indisvalid AND i.indisready AND i.indrelid = " +
            regclass(on, statement.table, "") + " AND " + named(on, statement.names.front().name) +
            " AND c.oid NOT IN (" + read_mark(created, mark).indexes + "))";
    }
    else if (mark.starts_with(dropped) && statement.action == lexer::index_action::drop && mark != dropped) {
        condition = "NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid IN (" +
                    oids(mark.substr(dropped.size())) + "))";
    }
    return !condition.empty() && on.execute("SELECT " + condition).at(0).rows.at(0).at(0) == "t";
}

std::string made_by_attempt(connection const& on, std::string const& mark)
{
    auto const new_ones = [](build_mark const& m) { return " AND i.indexrelid NOT IN (" + m.indexes + ")"; };
    if (mark.starts_with(created)) {
        auto const m = read_mark(created, mark);
        return "i.indrelid IN (" + m.table + ") AND " + named(on, m.name) + new_ones(m);
    }
    if (mark.starts_with(reindexed)) {
        auto const m = read_mark(reindexed, mark);
        return std::string{made_by_reindex} + (m.table == "0" ? "" : " AND i.indrelid IN (" + m.table + ")") +
               (m.name.empty() ? "" : " AND n.nspname = " + on.literal(m.name) + "::pg_catalog.name") +
               new_ones(m);
    }
    return "";
}

} // namespace schemagate::postgres
