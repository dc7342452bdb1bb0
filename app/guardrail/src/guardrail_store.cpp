#include "guardrail/guardrail_store.hpp"

#include <boost/json/serialize.hpp>

#include "database/database_error.hpp"
#include "database/rfc3339.hpp"
#include "http/problem.hpp"

namespace app {
namespace {

std::string json_of(std::vector<std::string> const& list)
{
    boost::json::array out;
    for (auto const& text : list) {
        out.emplace_back(text);
    }
    return boost::json::serialize(out);
}

std::vector<sql_text> values_of(guardrail const& g, std::string const& actor)
{
    return {g.name,
            g.description,
            g.type,
            g.is_active ? "true" : "false",
            g.severity,
            g.action,
            boost::json::serialize(g.config),
            json_of(g.applies_to_templates),
            json_of(g.applies_to_categories),
            actor};
}

problem not_there()
{
    return {404, "guardrail-not-found", "There is no guardrail of this name."};
}

} // namespace

void guardrail_store::create(database_connection& c, guardrail& g, std::string const& actor) const
{
    auto const made = c.ask(
        "insert into " + table_ +
            " (name, description, guardrail_type, is_active, severity, action, config, applies_to_templates, "
            "applies_to_categories, created_by, updated_by) values ($1, $2, $3, $4::boolean, $5, $6, "
            "$7::jsonb, "
            "array(select jsonb_array_elements_text($8::jsonb)), array(select "
            "jsonb_array_elements_text($9::jsonb)), $10, $10) on conflict (name) do nothing returning id, " +
            rfc3339("created_at") + ", " + rfc3339("updated_at"),
        values_of(g, actor));
    if (made.empty()) {
        throw problem{409, "guardrail-exists",
                      "A guardrail of this name exists. To change it: PUT /v1/guardrails/NAME."};
    }
    g.id = text_in(made[0][0]);
    g.created_by = actor;
    g.created_at = text_in(made[0][1]);
    g.updated_at = text_in(made[0][2]);
}

void guardrail_store::replace(database_connection& c, guardrail const& g, std::string const& actor) const
{
    auto const done = c.ask(
        "update " + table_ +
            " set description = $2, guardrail_type = $3, is_active = $4::boolean, severity = $5, action = "
            "$6, "
            "config = $7::jsonb, applies_to_templates = array(select jsonb_array_elements_text($8::jsonb)), "
            "applies_to_categories = array(select jsonb_array_elements_text($9::jsonb)), updated_by = $10, "
            "updated_at = clock_timestamp() where name = $1 returning id",
        values_of(g, actor));
    if (done.empty()) {
        throw not_there();
    }
}

std::map<std::string, std::pair<std::int64_t, std::int64_t>>
guardrail_store::counters(database_connection& c) const
{
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> out;
    for (auto const& row : c.ask("select id, total_checks, violation_count from " + table_)) {
        out.emplace(text_in(row[0]), std::pair{integer_in(row[1]), integer_in(row[2])});
    }
    return out;
}

void guardrail_store::remove(database_connection& c, std::string const& name) const
{
    if (c.ask("delete from " + table_ + " where name = $1 returning id", {name}).empty()) {
        throw not_there();
    }
}

} // namespace app
