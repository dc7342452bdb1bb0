#include "step_attempt.hpp"

namespace schemagate::postgres {
namespace {

constexpr std::string_view created = "create:";
constexpr std::string_view dropped = "drop:";

std::string quoted(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    auto const& in = name.schema.empty() ? schema : name.schema;
    return on.literal((in.empty() ? std::string{} : on.identifier(in) + ".") + on.identifier(name.name));
}

std::string regclass(connection const& on, lexer::relation_name const& name, std::string const& schema)
{
    return "pg_catalog.to_regclass(" + quoted(on, name, schema) + ")";
}

// "1,2,3" of a column that anybody could have edited; "0" for none, which is no object's.
std::string oids_behind(std::string_view prefix, std::string const& before)
{
    auto const list = before.substr(prefix.size());
    return list.empty() || list.find_first_not_of("0123456789,") != std::string::npos ? "0" : list;
}

} // namespace

attempt_question attempt_sql(connection const& on, std::optional<lexer::index_statement> const& statement,
                             std::string const& schema)
{
    if (!statement || !statement->concurrently) {
        return {};
    }
    std::string const list = "coalesce((SELECT pg_catalog.string_agg(x.oid::pg_catalog.text, ',') FROM ";
    if (statement->action == lexer::index_action::create) {
        return {"'" + std::string{created} + "' || " + list +
                    "(SELECT i.indexrelid AS oid FROM pg_catalog.pg_index i"
                    " WHERE i.indrelid = pg_catalog.to_regclass(",
                quoted(on, statement->table, schema), ")) x), '')"};
    }
    if (statement->action == lexer::index_action::drop) {
        std::string all;
        for (auto const& name : statement->names) {
            all += (all.empty() ? "" : ", ") + regclass(on, name, schema) + "::pg_catalog.oid";
        }
        return {"'" + std::string{dropped} + "' || " + list + "pg_catalog.unnest(ARRAY[" + all +
                "]) AS x (oid)), '')"};
    }
    return {};
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

bool was_done(connection& on, lexer::index_statement const& statement, std::string const& before)
{
    std::string condition;
    if (before.starts_with(created) && statement.action == lexer::index_action::create) {
        auto const& name = statement.names.front().name;
        condition =
            "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indisvalid AND i.indisready AND i.indrelid = " +
            regclass(on, statement.table, "") + (name.empty() ? "" : " AND c.relname = " + on.literal(name)) +
            " AND c.oid NOT IN (" + oids_behind(created, before) + "))";
    }
    else if (before.starts_with(dropped) && statement.action == lexer::index_action::drop &&
             before != dropped) {
        condition = "NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid IN (" +
                    oids_behind(dropped, before) + "))";
    }
    return !condition.empty() && on.execute("SELECT " + condition).at(0).rows.at(0).at(0) == "t";
}

} // namespace schemagate::postgres
