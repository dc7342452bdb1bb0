#include "experiment/experiment_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "database/database_error.hpp"
#include "database/rfc3339.hpp"
#include "http/problem.hpp"

namespace app {
namespace {

namespace json = boost::json;

std::string columns()
{
    return "x.id, x.name, x.template_name, x.variants, x.status, x.description, x.primary_metric, "
           "x.minimum_sample_size, x.confidence_level, x.total_executions, " +
           rfc3339("x.created_at") + ", x.created_by, " + rfc3339("x.updated_at") + ", " +
           rfc3339("x.actual_start_date") + ", " + rfc3339("x.actual_end_date") + ", x.winner_variant, " +
           rfc3339("x.winner_declared_at") + ", x.winner_declared_by";
}

// The database's own check says that they are sound.
std::vector<variant> variants_in(sql_text const& column)
{
    std::vector<variant> out;
    auto const list = json::parse(column.value_or("[]"));
    for (auto const& element : list.as_array()) {
        auto const& v = element.as_object();
        out.push_back({std::string{v.at("name").as_string()}, v.at("version").to_number<int>(),
                       v.at("weight").to_number<int>()});
    }
    return out;
}

stored_experiment experiment_in(query_row const& row)
{
    stored_experiment x;
    x.is = {text_in(row[0]), text_in(row[1]), text_in(row[2]), variants_in(row[3])};
    x.status = text_in(row[4]);
    x.description = row[5];
    x.metric_name = text_in(row[6]);
    x.minimum_sample_size = integer_in(row[7]);
    x.confidence_level = number_in(row[8]);
    x.executions = integer_in(row[9]);
    x.created_at = text_in(row[10]);
    x.created_by = row[11];
    x.updated_at = text_in(row[12]);
    x.started_at = row[13];
    x.ended_at = row[14];
    x.winner = row[15];
    x.winner_declared_at = row[16];
    x.winner_declared_by = row[17];
    return x;
}

std::string json_of(std::vector<variant> const& variants)
{
    json::array out;
    for (auto const& v : variants) {
        out.push_back(json::object{{"name", v.name}, {"version", v.version}, {"weight", v.weight}});
    }
    return json::serialize(out);
}

problem not_there()
{
    return {404, "experiment-not-found", "There is no experiment of this name."};
}

problem wrong_state(stored_experiment const& x, char const* what)
{
    return {409, "experiment-state", "The experiment is " + x.status + ": " + what, {{"state", x.status}}};
}

} // namespace

std::vector<stored_experiment> experiment_store::list(database_connection& c,
                                                      experiment_filter const& filter) const
{
    auto const found = c.ask(
        "select " + columns() + " from " + table() +
            " x where ($1::text is null or x.template_name = $1) and ($2::text is null or x.status = $2) and "
            "($3::text is null or x.name = $3) and ($4::text is null or (x.created_at, x.name) < (select "
            "created_at, name from " +
            table() + " where name = $4)) order by x.created_at desc, x.name desc limit $5::bigint",
        {filter.prompt, filter.status, filter.name, filter.before, std::to_string(filter.limit)});
    std::vector<stored_experiment> out;
    for (auto const& row : found) {
        out.push_back(experiment_in(row));
    }
    return out;
}

stored_experiment experiment_store::find(database_connection& c, std::string const& name) const
{
    auto const found = c.ask("select " + columns() + " from " + table() + " x where x.name = $1", {name});
    if (found.empty()) {
        throw not_there();
    }
    return experiment_in(found[0]);
}

stored_experiment experiment_store::hold(database_connection& c, std::string const& name) const
{
    // The prompt of an experiment does not change once it has run, and before that only by SQL.
    auto const of = find(c, name);
    c.ask("select 1 from " + schema_ + ".prompts where name = $1 for update", {of.is.prompt});
    auto const held =
        c.ask("select " + columns() + " from " + table() + " x where x.name = $1 for update", {name});
    if (held.empty()) {
        throw not_there();
    }
    return experiment_in(held[0]);
}

bool experiment_store::is_archived(database_connection& c, std::string const& prompt) const
{
    auto const found = c.ask(
        "select archived_at is not null from " + schema_ + ".prompts where name = $1 for update", {prompt});
    if (found.empty()) {
        throw problem{404, "prompt-not-found", "There is no prompt of this name."};
    }
    return truth_in(found[0][0]);
}

void experiment_store::create(database_connection& c, stored_experiment const& x,
                              std::string const& actor) const
{
    if (is_archived(c, x.is.prompt)) {
        throw problem{409, "prompt-archived", "The prompt is archived. Move a label to take it out."};
    }
    auto const variants = json_of(x.is.variants);
    json::array missing;
    for (auto const& row :
         c.ask("select distinct (v ->> 'version')::integer from jsonb_array_elements($2::jsonb) v where not "
               "exists (select from " +
                   schema_ +
                   ".prompt_templates t where t.name = $1 and t.version = (v ->> 'version')::integer) order "
                   "by 1",
               {x.is.prompt, variants})) {
        missing.emplace_back(integer_in(row[0]));
    }
    if (!missing.empty()) {
        throw problem{404,
                      "version-not-found",
                      "The prompt has no such version; `versions` lists them.",
                      {{"versions", std::move(missing)}}};
    }
    // The earlier columns are filled as well, for whoever reads them.
    auto const made = c.ask(
        "insert into " + table() +
            " (name, template_name, status, description, primary_metric, minimum_sample_size, "
            "confidence_level, variants, traffic_allocation, control_template_id, variant_template_ids, "
            "created_by, updated_by) select $1, $2, 'draft', $4, $5, $6::integer, $7::float8, $3::jsonb, "
            "(select jsonb_agg(jsonb_build_object('variant', v ->> 'name', 'weight', v -> 'weight') order by "
            "n) from jsonb_array_elements($3::jsonb) with ordinality a (v, n)), ids[1], case when "
            "cardinality(ids) > 1 then ids[2:] else ids end, $8, $8 from (select array_agg(t.id order by v "
            "->> 'name' <> 'control', n) as ids from jsonb_array_elements($3::jsonb) with ordinality a (v, "
            "n) join " +
            schema_ +
            ".prompt_templates t on t.name = $2 and t.version = (v ->> 'version')::integer) found on "
            "conflict (name) do nothing returning id",
        {x.is.name, x.is.prompt, variants, x.description, x.metric_name,
         std::to_string(x.minimum_sample_size), to_sql(x.confidence_level), actor});
    if (made.empty()) {
        throw problem{409, "experiment-exists", "An experiment of this name exists. Give it another one."};
    }
}

void experiment_store::start(database_connection& c, std::string const& name, std::string const& actor) const
{
    auto const held = hold(c, name);
    if (held.status != "draft" && held.status != "paused") {
        throw wrong_state(held, "only a draft, or one that is paused, can be started.");
    }
    if (held.is.variants.empty()) {
        throw problem{422, "weights",
                      "Its variants were written by an earlier client and are not understood."};
    }
    if (is_archived(c, held.is.prompt)) {
        throw problem{409, "prompt-archived", "The prompt is archived. Move a label to take it out."};
    }
    // The prompt's row is held, so that nobody of the service starts another one meanwhile; an SQL client
    // may, and meets the unique index.
    auto const active = [](std::string const& other) {
        return problem{409,
                       "experiment-active",
                       "Another experiment runs on this prompt. Stop it first.",
                       {{"experiment", other}}};
    };
    auto const others = c.ask("select name from " + table() +
                                  " where template_name = $1 and status = 'active' and name <> $2",
                              {held.is.prompt, name});
    if (!others.empty()) {
        throw active(text_in(others[0][0]));
    }
    try {
        c.ask("update " + table() +
                  " set status = 'active', actual_start_date = coalesce(actual_start_date, "
                  "clock_timestamp()), updated_by = $2, updated_at = clock_timestamp() where name = $1",
              {name, actor});
    }
    catch (database_error const& e) {
        if (e.constraint() == "uq_ab_test_experiments_active") {
            throw active("");
        }
        throw;
    }
}

void experiment_store::stop(database_connection& c, std::string const& name, std::string const& actor) const
{
    auto const held = hold(c, name);
    if (held.status != "active" && held.status != "paused") {
        throw wrong_state(held, "only one that runs can be stopped.");
    }
    c.ask("update " + table() +
              " set status = 'completed', actual_end_date = clock_timestamp(), updated_by = $2, updated_at = "
              "clock_timestamp() where name = $1",
          {name, actor});
}

bool experiment_store::declare_winner(database_connection& c, std::string const& name,
                                      std::string const& variant, std::string const& actor) const
{
    auto const held = hold(c, name);
    if (held.status == "draft" || held.status == "cancelled") {
        throw wrong_state(held, "only one that has run has something to promote.");
    }
    if (held.winner) {
        if (*held.winner == variant) {
            return false;
        }
        throw problem{409,
                      "experiment-promoted",
                      "Another variant of this experiment was promoted. To roll back, move the label.",
                      {{"winner", *held.winner}}};
    }
    c.ask("update " + table() +
              " set status = 'completed', actual_end_date = coalesce(actual_end_date, clock_timestamp()), "
              "winner_variant = $2, winner_declared_at = clock_timestamp(), winner_declared_by = $3, "
              "updated_by = $3, updated_at = clock_timestamp() where name = $1",
          {name, variant, actor});
    return true;
}

std::vector<observations> experiment_store::observed(database_connection& c, stored_experiment const& x) const
{
    auto const* const by = metric_named(x.metric_name);
    std::string const value = by == nullptr ? "null::float8" : std::string{'('} + by->values + ")::float8";
    // The start leaves out the months before; a second is for an adopted row's clock.
    auto const found =
        c.ask("select coalesce(ab_test_group, ''), count(*), count(*) filter (where status = 'blocked'), "
              "count(" +
                  value + "), coalesce(avg(" + value + "), 0), coalesce(var_samp(" + value + "), 0) from " +
                  schema_ +
                  ".prompt_executions where template_name = $2 and experiment_id = $1::uuid and executed_at "
                  ">= coalesce((select actual_start_date from " +
                  table() + " where id = $1::uuid), '-infinity') - interval '1 second' group by 1",
              {x.is.id, x.is.prompt});
    std::vector<observations> out;
    for (auto const& row : found) {
        out.push_back({text_in(row[0]),
                       integer_in(row[1]),
                       integer_in(row[2]),
                       {integer_in(row[3]), number_in(row[4]), number_in(row[5])}});
    }
    return out;
}

} // namespace app
