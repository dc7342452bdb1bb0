#include "prompt/prompt_store.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "database/database_error.hpp"
#include "database/rfc3339.hpp"
#include "http/problem.hpp"
#include "prompt/prompt_name.hpp"

namespace app {
namespace {

problem no_such_prompt()
{
    return {404, "prompt-not-found", "There is no prompt of this name."};
}

problem no_such_version()
{
    return {404, "version-not-found", "The prompt has no such version."};
}

problem no_such_label(std::string const& label)
{
    return {404, "label-not-found", "No version of this prompt has this label.", {{"label", label}}};
}

bool has_production(draft const& d)
{
    return std::find(d.labels.begin(), d.labels.end(), production) != d.labels.end();
}

} // namespace

void prompt_store::announce(database_connection& c, std::string const& actor,
                            std::optional<std::string> const& reason) const
{
    c.ask(
        "select set_config('prompt_service.actor', $1, true), set_config('prompt_service.reason', $2, true)",
        {actor, reason.value_or("")});
}

void prompt_store::lock(database_connection& c, std::string const& name) const
{
    if (c.ask("select 1 from " + table("prompts") + " where name = $1 for update", {name}).empty()) {
        throw no_such_prompt();
    }
}

void prompt_store::create(database_connection& c, draft& d, std::optional<std::string> const& category,
                          std::optional<std::string> const& description) const
{
    auto& v = d.version;
    c.ask("insert into " + table("prompts") + " (name) values ($1) on conflict do nothing", {v.name});
    lock(c, v.name);
    if (!c.ask("select 1 from " + table("prompt_templates") + " where name = $1 limit 1", {v.name}).empty()) {
        throw problem{409, "prompt-exists",
                      "A prompt of this name exists. A new version of it: POST /v1/prompts/NAME/versions."};
    }
    auto const made =
        c.ask("insert into " + table("prompt_templates") +
                  " (name, version, type, template_text, variables, config, commit_message, description, "
                  "category, created_by, updated_by, is_active) values ($1, 1, $2, $3, $4::jsonb, "
                  "$5::jsonb, $6, $7, $8, $9, $9, $10::boolean) returning id, " +
                  rfc3339("created_at"),
              {v.name, v.is_chat ? "chat" : "text", stored_text(v), boost::json::serialize(v.variables),
               boost::json::serialize(v.config), v.commit_message, description, category, v.created_by,
               has_production(d) ? "true" : "false"});
    v.version = 1;
    v.id = text_in(made[0][0]);
    v.created_at = text_in(made[0][1]);
    for (auto const& label : d.labels) {
        if (label != production) {
            move(c, v.name, label, v.version, v.created_by.value_or(""));
        }
    }
}

void prompt_store::add_version(database_connection& c, draft& d, std::optional<std::int64_t> expected) const
{
    auto& v = d.version;
    lock(c, v.name);
    auto const newest =
        c.ask("select max(version) from " + table("prompt_templates") + " where name = $1", {v.name});
    auto const version = optional_integer_in(newest[0][0]);
    if (expected && version != expected) {
        throw problem{
            412,
            "version-conflict",
            "The newest version is " + std::to_string(version.value_or(0)) +
                ", not the one of If-Match. Look at what it changed, and send If-Match with its number.",
            {{"latest_version", version.value_or(0)}}};
    }
    auto const made = c.ask(
        "insert into " + table("prompt_templates") +
            " (name, version, parent_version_id, description, category, type, template_text, variables, "
            "config, "
            "commit_message, created_by, updated_by) "
            "select $1, coalesce(t.version, 0) + 1, t.id, t.description, t.category, $2, $3, $4::jsonb, "
            "$5::jsonb, $6, $7, $7 from (values (1)) one left join lateral (select id, version, description, "
            "category from " +
            table("prompt_templates") +
            " where name = $1 order by version desc limit 1) t on true returning id, version, " +
            rfc3339("created_at"),
        {v.name, v.is_chat ? "chat" : "text", stored_text(v), boost::json::serialize(v.variables),
         boost::json::serialize(v.config), v.commit_message, v.created_by});
    v.id = text_in(made[0][0]);
    v.version = static_cast<int>(integer_in(made[0][1]));
    v.created_at = text_in(made[0][2]);
    for (auto const& label : d.labels) {
        move(c, v.name, label, v.version, v.created_by.value_or(""));
    }
}

void prompt_store::hold(database_connection& c, boost::json::array const& names) const
{
    auto const list = boost::json::serialize(names);
    c.ask("select pg_advisory_xact_lock(hashtextextended('prompts held', 0))");
    c.ask("insert into " + table("prompts") +
              " (name) select name from jsonb_array_elements_text($1::jsonb) name order by name "
              "on conflict do nothing",
          {list});
    c.ask("select 1 from " + table("prompts") +
              " where name in (select jsonb_array_elements_text($1::jsonb)) order by name for update",
          {list});
}

void prompt_store::import_version(database_connection& c, draft& d, std::string const& created_at,
                                  std::optional<std::string> const& category,
                                  std::optional<std::string> const& description) const
{
    auto& v = d.version;
    c.ask(
        "insert into " + table("prompt_templates") +
            " (name, version, type, template_text, variables, config, commit_message, description, category, "
            "created_by, updated_by, created_at) values ($1, $2::integer, $3, $4, $5::jsonb, $6::jsonb, $7, "
            "$8, $9, "
            "$10, $10, coalesce($11::timestamptz, now()))",
        {v.name, std::to_string(v.version), v.is_chat ? "chat" : "text", stored_text(v),
         boost::json::serialize(v.variables), boost::json::serialize(v.config), v.commit_message, description,
         category, v.created_by, created_at.empty() ? sql_text{} : sql_text{created_at}});
}

std::optional<std::int64_t> prompt_store::pointed_to(database_connection& c, std::string const& name,
                                                     std::string const& label) const
{
    auto const found =
        c.ask("select version from " + table("v_prompt_labels") + " where prompt_name = $1 and label = $2",
              {name, label});
    return found.empty() ? std::nullopt : optional_integer_in(found[0][0]);
}

void prompt_store::move(database_connection& c, std::string const& name, std::string const& label,
                        std::int64_t version, std::string const& actor) const
{
    auto const number = std::to_string(version);
    if (label == production) {
        auto const done =
            c.ask("update " + table("prompt_templates") +
                      " set is_active = true, ab_test_group = null, updated_by = $3, updated_at = "
                      "clock_timestamp() where name = $1 and version = $2::integer returning id",
                  {name, number, actor});
        if (done.empty()) {
            throw no_such_version();
        }
        return;
    }
    try {
        c.ask("insert into " + table("prompt_labels") +
                  " (prompt_name, label, version, moved_by) values ($1, $2, $3::integer, $4) on conflict "
                  "(prompt_name, label) do update set version = excluded.version, moved_at = "
                  "clock_timestamp(), "
                  "moved_by = excluded.moved_by where prompt_labels.version <> excluded.version",
              {name, label, number, actor});
    }
    catch (database_error const& e) {
        if (e.constraint() == "prompt_labels_version_fkey") {
            throw no_such_version();
        }
        throw;
    }
}

std::optional<std::int64_t> prompt_store::move_label(database_connection& c, std::string const& name,
                                                     std::string const& label, std::int64_t version,
                                                     std::string const& actor) const
{
    lock(c, name);
    auto const before = pointed_to(c, name, label);
    if (version > std::numeric_limits<std::int32_t>::max()) {
        throw no_such_version();
    }
    move(c, name, label, version, actor);
    return before;
}

std::int64_t prompt_store::remove_label(database_connection& c, std::string const& name,
                                        std::string const& label, std::string const& actor) const
{
    lock(c, name);
    auto const removed = label == production
                             ? c.ask("update " + table("prompt_templates") +
                                         " set is_active = false, deactivated_at = clock_timestamp(), "
                                         "deactivated_by = $2, updated_by = "
                                         "$2, updated_at = clock_timestamp() where name = $1 and is_active "
                                         "and ab_test_group is null "
                                         "returning version",
                                     {name, actor})
                             : c.ask("delete from " + table("prompt_labels") +
                                         " where prompt_name = $1 and label = $2 returning version",
                                     {name, label});
    if (removed.empty()) {
        throw no_such_label(label);
    }
    return integer_in(removed[0][0]);
}

void prompt_store::patch(database_connection& c, std::string const& name, prompt_patch const& change,
                         std::string const& actor) const
{
    lock(c, name);
    c.ask(
        "with locked as (select id from " + table("prompt_templates") +
            " where name = $1 order by is_active, id for no key update) update " + table("prompt_templates") +
            " t set description = case when $2::boolean then $3 else t.description end, category = case when "
            "$4::boolean then $5 else t.category end, updated_by = $6, updated_at = clock_timestamp() from "
            "locked "
            "where t.id = locked.id",
        {name, change.description ? "true" : "false", change.description.value_or(std::nullopt),
         change.category ? "true" : "false", change.category.value_or(std::nullopt), actor});
}

bool prompt_store::archive(database_connection& c, std::string const& name, std::string const& actor) const
{
    lock(c, name);
    try {
        auto const done = c.ask("update " + table("prompts") +
                                    " set archived_at = clock_timestamp(), archived_by = $2 where name = $1 "
                                    "and archived_at is null",
                                {name, actor});
        return done.affected() != 0;
    }
    catch (database_error const& e) {
        if (e.sqlstate() == "PS005") {
            throw problem{
                409, "prompt-labelled",
                "A label other than latest, or a running experiment, points to a version of this prompt. "
                "Take it away first: DELETE /v1/prompts/NAME/labels/LABEL."};
        }
        throw;
    }
}

std::vector<label_move> prompt_store::history(database_connection& c, std::string const& name,
                                              std::string const& label, std::optional<std::int64_t> before,
                                              std::int64_t limit) const
{
    auto const found = c.ask(
        "select id, from_version, to_version, " + rfc3339("moved_at") + ", moved_by, reason from " +
            table("prompt_label_moves") +
            " where prompt_name = $1 and label = $2 and ($3::bigint is null or id < $3::bigint) "
            "order by id desc limit $4::bigint",
        {name, label, before ? sql_text{std::to_string(*before)} : std::nullopt, std::to_string(limit)});
    std::vector<label_move> out;
    for (auto const& row : found) {
        out.push_back({integer_in(row[0]), optional_integer_in(row[1]), optional_integer_in(row[2]),
                       text_in(row[3]), row[4], row[5]});
    }
    return out;
}

std::vector<std::string> prompt_store::labels_ever(database_connection& c, std::string const& name) const
{
    std::vector<std::string> out;
    for (auto const& row : c.ask("select distinct label from " + table("prompt_label_moves") +
                                     " where prompt_name = $1 order by label",
                                 {name})) {
        out.push_back(text_in(row[0]));
    }
    return out;
}

} // namespace app
