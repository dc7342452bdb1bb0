#include "snapshot/snapshot_loader.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "database/rfc3339.hpp"
#include "http/cached_answer.hpp"
#include "prompt/prompt_name.hpp"

namespace app {
namespace {

namespace json = boost::json;

// What the database holds as JSON is an object or array by its own checks; in a database that the earlier
// tool made it may be null.
template <class T>
T json_in(sql_text const& column)
{
    boost::system::error_code ec;
    auto parsed = json::parse(column.value_or("null"), ec);
    if constexpr (std::is_same_v<T, json::object>) {
        return parsed.is_object() ? std::move(parsed.get_object()) : json::object{};
    }
    else {
        return parsed.is_array() ? std::move(parsed.get_array()) : json::array{};
    }
}

std::vector<std::string> texts_in(sql_text const& column)
{
    std::vector<std::string> out;
    for (auto const& element : json_in<json::array>(column)) {
        if (element.is_string()) {
            out.emplace_back(element.get_string());
        }
    }
    return out;
}

// "{id,id}", as PostgreSQL reads an array of uuid.
std::string array_of(std::vector<std::string> const& ids)
{
    std::string out = "{";
    for (auto const& id : ids) {
        out.append(out.size() == 1 ? "" : ",").append(id);
    }
    return out + '}';
}

class loading
{
public:
    loading(database_connection& c, std::string const& schema, snapshot const* known) : c_{c}, schema_{schema}
    {
        if (known != nullptr) {
            for (auto const& [name, p] : known->prompts) {
                for (auto const& [number, v] : p.versions) {
                    known_versions_.emplace(v->content.id, v);
                }
            }
        }
    }

    [[nodiscard]] std::int64_t counter() const
    {
        return integer_in(c_.ask("select counter from " + table("content_version"))[0][0]);
    }

    std::shared_ptr<snapshot const> all(std::int64_t counter)
    {
        auto out = std::make_shared<snapshot>();
        out->counter = counter;
        read_prompts(*out);
        read_labels(*out);
        for (auto& [name, p] : out->prompts) {
            finish(p);
        }
        read_guardrails(*out);
        read_experiments(*out);
        read_prices(*out);
        read_keys(*out);
        return out;
    }

private:
    [[nodiscard]] std::string table(char const* name) const { return schema_ + '.' + name; }

    void read_prompts(snapshot& out)
    {
        auto const rows =
            c_.ask("select t.id, t.name, t.version, t.category, t.description, " + rfc3339("t.updated_at") +
                   ", p.archived_at is not null from " + table("prompt_templates") + " t join " +
                   table("prompts") + " p on p.name = t.name order by t.name, t.version");
        read_contents(rows);
        for (auto const& row : rows) {
            auto const& name = text_in(row[1]);
            auto const found = known_versions_.find(text_in(row[0]));
            if (found == known_versions_.end()) {
                continue; // cannot be: both statements see one state of the database
            }
            auto& p = out.prompts[name];
            p.name = name;
            p.category = row[3];
            p.description = row[4];
            p.updated_at = std::max(p.updated_at, row[5].value_or(""));
            p.is_archived = truth_in(row[6]);
            p.versions.emplace(static_cast<int>(integer_in(row[2])), found->second);
        }
    }

    // The content of the versions that are not known yet, in portions.
    void read_contents(query_result const& rows)
    {
        constexpr std::size_t portion = 1'000;
        std::vector<std::string> ids;
        for (auto const& row : rows) {
            if (!known_versions_.contains(text_in(row[0]))) {
                ids.push_back(text_in(row[0]));
            }
            if (ids.size() == portion) {
                read_portion(ids);
                ids.clear();
            }
        }
        if (!ids.empty()) {
            read_portion(ids);
        }
    }

    void read_portion(std::vector<std::string> const& ids)
    {
        auto const rows = c_.ask(
            "select id, name, version, type, template_text, variables, config, commit_message, "
            "created_by, " +
                rfc3339("created_at") + " from " + table("prompt_templates") + " where id = any($1::uuid[])",
            {array_of(ids)});
        for (auto const& row : rows) {
            auto made = std::make_shared<served_version>();
            auto& v = made->content;
            v.id = text_in(row[0]);
            v.name = text_in(row[1]);
            v.version = static_cast<int>(integer_in(row[2]));
            v.is_chat = row[3] == "chat";
            take_stored_text(v, text_in(row[4]));
            v.variables = json_in<json::array>(row[5]);
            v.config = json_in<json::object>(row[6]);
            v.commit_message = row[7];
            v.created_by = row[8];
            v.created_at = row[9].value_or("");
            made->problems = v.compile(made->compiled);
            made->body = json::serialize(to_json(v, made->compiled.required));
            made->entity_tag = entity_tag_of(made->body);
            known_versions_.emplace(v.id, std::move(made));
        }
    }

    void read_labels(snapshot& out)
    {
        for (auto const& row :
             c_.ask("select prompt_name, label, version from " + table("v_prompt_labels"))) {
            auto const found = out.prompts.find(text_in(row[0]));
            if (found != out.prompts.end() && row[1] != latest) {
                found->second.labels.insert_or_assign(text_in(row[1]), static_cast<int>(integer_in(row[2])));
            }
        }
    }

    void read_guardrails(snapshot& out)
    {
        auto const rows = c_.ask(
            "select id, name, description, guardrail_type, severity, action, config, "
            "to_jsonb(applies_to_templates), to_jsonb(applies_to_categories), is_active, total_checks, "
            "violation_count, created_by, " +
            rfc3339("created_at") + ", " + rfc3339("updated_at") + " from " + table("prompt_guardrails"));
        for (auto const& row : rows) {
            served_guardrail one;
            auto& g = one.rule;
            g.id = text_in(row[0]);
            g.name = text_in(row[1]);
            g.description = row[2].value_or("");
            g.type = text_in(row[3]);
            g.severity = text_in(row[4]);
            g.action = text_in(row[5]);
            g.config = json_in<json::object>(row[6]);
            g.applies_to_templates = texts_in(row[7]);
            g.applies_to_categories = texts_in(row[8]);
            g.is_active = row[9] == "t";
            g.total_checks = optional_integer_in(row[10]).value_or(0);
            g.violation_count = optional_integer_in(row[11]).value_or(0);
            g.created_by = row[12];
            g.created_at = row[13].value_or("");
            g.updated_at = row[14].value_or("");
            try {
                one.compiled = screen::compile(g.type, g.config);
            }
            catch (pattern_invalid const& e) {
                one.fault = e.path() + ": " + e.what();
            }
            out.guardrails.push_back(std::move(one));
        }
        std::sort(out.guardrails.begin(), out.guardrails.end(), [](auto const& a, auto const& b) {
            auto const x = rank_of(a.rule.severity);
            auto const y = rank_of(b.rule.severity);
            return x != y ? x < y : a.rule.name < b.rule.name;
        });
    }

    void read_experiments(snapshot& out)
    {
        auto const rows =
            c_.ask("select id, name, template_name, variants from " + table("ab_test_experiments") +
                   " where status = 'active' and variants is not null");
        for (auto const& row : rows) {
            experiment x{text_in(row[0]), text_in(row[1]), text_in(row[2]), {}};
            for (auto const& element : json_in<json::array>(row[3])) {
                auto const& v = element.as_object();
                x.variants.push_back({std::string{v.at("name").as_string()}, v.at("version").to_number<int>(),
                                      v.at("weight").to_number<int>()});
            }
            out.experiments.emplace(x.prompt, std::move(x));
        }
    }

    void read_prices(snapshot& out)
    {
        for (auto const& row : c_.ask("select model, input_usd_per_million, output_usd_per_million from " +
                                      table("model_prices"))) {
            out.prices.emplace(text_in(row[0]), price{number_in(row[1]), number_in(row[2])});
        }
    }

    void read_keys(snapshot& out)
    {
        auto const rows =
            c_.ask("select id, name, scope, encode(key_hash, 'hex'), (extract(epoch from expires_at) * "
                   "1000000)::bigint from " +
                   table("api_keys") + " where revoked_at is null");
        for (auto const& row : rows) {
            auto const may = scope_of(text_in(row[2]));
            if (may) {
                out.keys.emplace(text_in(row[3]), snapshot::key{{text_in(row[0]), text_in(row[1]), *may},
                                                                optional_integer_in(row[4])});
            }
        }
    }

    database_connection& c_;
    std::string const& schema_;
    std::unordered_map<std::string, std::shared_ptr<served_version const>>
        known_versions_; ///< by the row's id
};

} // namespace

std::shared_ptr<snapshot const> load_snapshot(database_connection& c, std::string const& schema,
                                              std::shared_ptr<snapshot const> const& known)
{
    loading load{c, schema, known.get()};
    if (known && load.counter() == known->counter) {
        return known;
    }
    c.run("begin isolation level repeatable read, read only");
    auto made = load.all(load.counter());
    c.run("commit");
    return made;
}

} // namespace app
