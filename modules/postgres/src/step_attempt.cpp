#include "step_attempt.hpp"

#include <array>

namespace schemagate::postgres {
namespace {

constexpr std::array<std::string_view, 3> kinds{"create", "drop", "reindex"}; // in the order of attempt_kind

std::string quoted(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    auto const& in = name.schema.empty() ? schema : name.schema;
    return on.literal((in.empty() ? std::string{} : on.identifier(in) + ".") + on.identifier(name.name));
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

std::string reindex_sql(connection const& on, lexer::index_statement const& statement,
                        std::string const& schema)
{
    using lexer::index_action;
    std::string table = "''";
    std::string in_schema = "''";
    auto const oid = [](std::string const& sql) { return "coalesce(" + sql + ", 0)::pg_catalog.text"; };
    if (statement.action == index_action::reindex_index) {
        table = oid("(SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = " +
                    regclass(on, statement.names.front(), schema) + ")");
    }
    else if (statement.action == index_action::reindex_table) {
        table = oid(regclass(on, statement.table, schema) + "::pg_catalog.oid");
    }
    else if (statement.action == index_action::reindex_schema) {
        in_schema = on.literal(statement.names.front().schema);
    }
    return table + " || ':' || " + oids_of("NOT (i.indisvalid AND i.indisready)") + " || ':' || " + in_schema;
}

std::string drop_sql(connection const& on, lexer::index_statement const& statement, std::string const& schema)
{
    std::string all;
    for (auto const& name : statement.names) {
        all += (all.empty() ? "" : ", ") + regclass(on, name, schema) + "::pg_catalog.oid";
    }
    return "':' || coalesce((SELECT pg_catalog.string_agg(x.oid::pg_catalog.text, ',')"
           " FROM pg_catalog.unnest(ARRAY[" +
           all + "]) AS x (oid)), '') || ':'";
}

} // namespace

std::string regclass(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    return "pg_catalog.to_regclass(" + quoted(on, name, schema) + ")";
}

std::optional<attempt_mark> read_mark(std::string const& text)
{
    std::array<std::string, 5> parts; // the last part is any text
    std::size_t at = 0;
    for (auto& part : parts) {
        auto const end = text.find(':', at);
        if (end == std::string::npos) {
            return std::nullopt;
        }
        part = text.substr(at, end - at);
        at = end + 1;
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        if (kinds[kind] == parts[0]) {
            return attempt_mark{static_cast<attempt_kind>(kind),
                                parts[1],
                                parts[2],
                                parts[3].empty()                          ? ""
                                : parts[3].find(',') == std::string::npos ? oids(parts[3])
                                                                          : "0",
                                oids(parts[4]),
                                text.substr(at)};
        }
    }
    return std::nullopt;
}

attempt_question attempt_before(connection const& on, std::string const& database,
                                stepped_script const& script, std::size_t step, std::string const& schema)
{
    if (step >= script.steps().size() || script.steps()[step].kind != lexer::step_kind::alone) {
        return {};
    }
    auto const at = script.steps()[step].first;
    auto const text = script.text_of(at, at);
    auto const statement = lexer::read_index_statement(text);
    if (!statement || !statement->concurrently) {
        return {};
    }
    auto const kind = statement->action == lexer::index_action::create ? attempt_kind::create
                      : statement->action == lexer::index_action::drop ? attempt_kind::drop
                                                                       : attempt_kind::reindex;
    auto const head = on.literal(std::string{kinds[static_cast<std::size_t>(kind)]} + ":" + database + ":" +
                                 script.digest_of(step + 1) + ":");
    if (kind != attempt_kind::create) {
        return {head + " || " +
                (kind == attempt_kind::drop ? drop_sql(on, *statement, schema)
                                            : reindex_sql(on, *statement, schema))};
    }
    return {
        "(SELECT t.place[1] || coalesce(t.oid, 0)::pg_catalog.text || ':' || " +
            oids_of("i.indrelid = t.oid") +
            " || ':' || t.place[3] FROM (SELECT pg_catalog.to_regclass(q.place[2])::pg_catalog.oid AS oid,"
            " q.place FROM (SELECT ",
        "ARRAY[" + head + ", " + quoted(on, statement->table, schema) + ", " + on.literal(text) + "]",
        " AS place) q) t)"};
}

std::string detach_state_sql(connection const& on, lexer::detach_statement const& detach)
{
    // By way of JSON: PostgreSQL 13 knows no such column.
    return "SELECT CASE WHEN (pg_catalog.to_jsonb(i) ->> 'inhdetachpending')::pg_catalog.bool THEN 'pending'"
           " WHEN i.inhrelid IS NOT NULL THEN 'attached' WHEN q.whole IS NOT NULL AND q.part IS NOT NULL"
           " THEN 'detached' END FROM (SELECT " +
           regclass(on, detach.table) + "::pg_catalog.oid AS whole, " + regclass(on, detach.partition) +
           "::pg_catalog.oid AS part) q LEFT JOIN pg_catalog.pg_inherits i"
           " ON i.inhparent = q.whole AND i.inhrelid = q.part; ";
}

std::string finalize_sql(connection const& on, lexer::detach_statement const& detach)
{
    auto const name = [&on](lexer::relation_name const& of) {
        return (of.schema.empty() ? "" : on.identifier(of.schema) + ".") + on.identifier(of.name);
    };
    return "ALTER TABLE " + name(detach.table) + " DETACH PARTITION " + name(detach.partition) + " FINALIZE";
}

} // namespace schemagate::postgres
