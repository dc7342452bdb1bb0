#include "api/library_api.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>

#include "database/database_error.hpp"
#include "http/problem.hpp"
#include "langfuse_library.hpp"
#include "prompt/prompt_name.hpp"
#include "route/parameter.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::string_view format_name = "prompt-service/1";

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

json::object exported(served_prompt const& p)
{
    json::object labels;
    for (auto const& [label, number] : p.labels) {
        if (label != latest) {
            labels[label] = number;
        }
    }
    json::array versions;
    for (auto const& [number, v] : p.versions) {
        auto one = to_json(v->content, {});
        one.erase("name");
        one.erase("required");
        versions.push_back(std::move(one));
    }
    return {{"name", p.name},
            {"category", or_null(p.category)},
            {"description", or_null(p.description)},
            {"archived", p.is_archived},
            {"labels", std::move(labels)},
            {"versions", std::move(versions)}};
}

json::object exported(guardrail const& g)
{
    auto one = to_json(g, true);
    for (char const* field :
         {"effective", "total_checks", "violation_count", "created_by", "created_at", "updated_at"}) {
        one.erase(field);
    }
    return one;
}

// What an import did with one thing.
class outcome_list
{
public:
    void created(json::object what) { add(201, std::move(what)); }
    void unchanged(json::object what) { add(200, std::move(what)); }
    void conflict(json::object what, char const* code, std::string detail)
    {
        what["code"] = code;
        what["detail"] = std::move(detail);
        add(409, std::move(what));
    }
    void refused(json::object what) { add(422, std::move(what)); }
    [[nodiscard]] json::object report(bool dry_run) const
    {
        return {{"dry_run", dry_run},      {"created", created_}, {"unchanged", unchanged_},
                {"conflicts", conflicts_}, {"refused", refused_}, {"items", items_}};
    }
    void clear() { *this = {}; }

private:
    void add(int status, json::object what)
    {
        ++(status == 201 ? created_ : status == 200 ? unchanged_ : status == 409 ? conflicts_ : refused_);
        what["status"] = status;
        items_.push_back(std::move(what));
    }

    json::array items_;
    std::int64_t created_ = 0;
    std::int64_t unchanged_ = 0;
    std::int64_t conflicts_ = 0;
    std::int64_t refused_ = 0;
};

struct checked_version
{
    draft made;
    std::string created_at;
};

struct checked_prompt
{
    library_prompt body;
    std::vector<checked_version> versions;
    std::vector<std::pair<std::string, std::int64_t>> labels;
};

// What part() returns; its error says where in the document the part is.
template <class Part>
auto placed(std::string const& path, Part const& part)
{
    try {
        return part();
    }
    catch (decode_error const& e) {
        throw decode_error{path + e.path(), e.what()};
    }
}

// Nothing is written before all of it is found good. `there`: the prompt of this name; null if there is none.
checked_prompt check(library_prompt body, served_prompt const* there, std::string const& path)
{
    checked_prompt out;
    if (there == nullptr) { // an adopted database may hold other names, and they are not made anew
        placed(path, [&] { check_prompt_name(body.name); });
    }
    placed(path, [&] {
        check_category(body.category);
        check_description(body.description);
    });
    if (body.versions.empty()) {
        throw decode_error{path + "/versions", "must have at least one version"};
    }
    std::set<std::int64_t> numbers;
    for (auto& v : body.versions) {
        auto const here = path + "/versions/" + std::to_string(out.versions.size());
        bool const is_old = there != nullptr && v.version <= std::numeric_limits<int>::max() &&
                            there->version(static_cast<int>(v.version)) != nullptr;
        if (v.version < 1 || (v.version > imported_version_max && !is_old) ||
            !numbers.insert(v.version).second) {
            throw decode_error{here + "/version", "must be a whole number from 1 to " +
                                                      std::to_string(imported_version_max) +
                                                      ", and be there once"};
        }
        auto const created_at = v.created_at.value_or("");
        if (!created_at.empty() && !time_of(created_at)) {
            throw decode_error{here + "/created_at",
                               "must be a time with its offset, as 2030-01-31T00:00:00Z"};
        }
        auto made = placed(here, [&] {
            check_author(v.created_by);
            return draft_of({std::move(v.type), std::move(v.template_), std::move(v.messages),
                             std::move(v.variables), std::move(v.config), std::nullopt,
                             std::move(v.commit_message)},
                            body.name, v.created_by.value_or("import"));
        });
        made.version.version = static_cast<int>(v.version);
        out.versions.push_back({std::move(made), created_at});
    }
    std::sort(out.versions.begin(), out.versions.end(),
              [](auto const& a, auto const& b) { return a.made.version.version < b.made.version.version; });
    for (auto const& member : body.labels.value_or(json::object{})) {
        std::string const label{member.key()};
        auto const* const number = member.value().if_int64();
        if (!is_label(label) || label == latest || number == nullptr || !numbers.contains(*number)) {
            throw decode_error{path + "/labels",
                               "must be labels with the number of a version of this document each"};
        }
        out.labels.emplace_back(label, *number);
    }
    out.body = std::move(body);
    return out;
}

// What is to be imported, as ours, and what of another's document cannot be.
struct import_request
{
    library_body body;
    json::array refused{};
};

import_request wanted_by(call const& asked, snapshot const& now)
{
    auto const format = asked.text("format");
    if (format && *format != "langfuse") {
        throw problem{400,
                      "invalid-parameter",
                      "format must be langfuse, or be left out for what GET /v1/export writes.",
                      {{"parameter", "format"}}};
    }
    if (format) {
        auto from = langfuse_library_of(asked.body, [&](std::string const& name) {
            return is_prompt_name(name) || now.find(name) != nullptr;
        });
        return {{std::string{format_name}, std::move(from.prompts), std::nullopt}, std::move(from.refused)};
    }
    return {asked.body_as<library_body>()};
}

bool same_content(prompt_version const& a, prompt_version const& b)
{
    return a.is_chat == b.is_chat && stored_text(a) == stored_text(b) && a.variables == b.variables &&
           a.config == b.config && a.commit_message == b.commit_message;
}

// Guardrails are not held: one that somebody else has made meanwhile is compared at the next attempt.
void create_or_try_again(guardrail_store const& in, database_connection& c, guardrail& rule,
                         std::string const& actor)
{
    try {
        in.create(c, rule, actor);
    }
    catch (problem const&) {
        throw database_error{database_error::kind::busy, "a guardrail was made beside an import", "40001"};
    }
}

struct dry_run_over : std::exception
{};

} // namespace

answer library_api::export_all(call const&) const
{
    auto const now = parts_.served();
    json::array prompts;
    for (auto const& [name, p] : now->prompts) {
        prompts.push_back(exported(p));
    }
    std::vector<guardrail const*> sorted;
    for (auto const& one : now->guardrails) {
        sorted.push_back(&one.rule);
    }
    std::sort(sorted.begin(), sorted.end(), [](auto const* a, auto const* b) { return a->name < b->name; });
    json::array guardrails;
    for (auto const* const g : sorted) {
        guardrails.push_back(exported(*g));
    }
    return json_answer(json::object{
        {"format", format_name}, {"prompts", std::move(prompts)}, {"guardrails", std::move(guardrails)}});
}

answer library_api::import_all(call const& asked) const
{
    parts_.snapshots.refresh(
        std::chrono::milliseconds{2'000}); // what another replica has just written counts
    auto const before = parts_.served();
    auto [body, refused] = wanted_by(asked, *before);
    if (body.format != format_name) {
        throw decode_error{"/format",
                           "must be \"" + std::string{format_name} + "\", as GET /v1/export writes it"};
    }
    std::set<std::string> names;
    auto const be_new = [&](std::string const& name) {
        if (!names.insert(name).second) {
            throw decode_error{"/name", "must be in the document once"};
        }
    };
    std::vector<checked_prompt> prompts;
    for (auto& one : body.prompts.value_or(std::vector<library_prompt>{})) {
        auto const path = "/prompts/" + std::to_string(prompts.size());
        placed(path, [&] { be_new(one.name); });
        auto const* const there = before->find(one.name);
        prompts.push_back(check(std::move(one), there, path));
    }
    names.clear();
    std::vector<guardrail> guardrails;
    for (auto& one : body.guardrails.value_or(std::vector<guardrail_body>{})) {
        placed("/guardrails/" + std::to_string(guardrails.size()), [&] {
            guardrails.push_back(guardrail_of(std::move(one)));
            be_new(guardrails.back().name);
        });
    }
    bool const dry_run = asked.flag("dry_run");
    outcome_list outcome;
    json::array held;
    for (auto const& p : prompts) {
        held.emplace_back(p.body.name);
    }
    auto const work = [&, &refused = refused](database_connection& c) {
        outcome.clear();
        parts_.prompts.hold(c, held);
        // What is there now: nobody else changes it meanwhile.
        if (!parts_.snapshots.refresh(std::chrono::milliseconds{5'000})) {
            throw unavailable("busy", "What is there could not be read in time. Nothing was done; try again.",
                              1);
        }
        auto const now = parts_.served();
        for (auto const& one : refused) {
            outcome.refused(one.as_object());
        }
        for (auto& p : prompts) {
            auto const* const there = now->find(p.body.name);
            std::set<std::int64_t> differing;
            for (auto& [made, created_at] : p.versions) {
                json::object const what{{"prompt", p.body.name}, {"version", made.version.version}};
                auto const old = there == nullptr ? nullptr : there->version(made.version.version);
                if (!old) {
                    parts_.prompts.import_version(c, made, created_at, p.body.category, p.body.description);
                    outcome.created(what);
                }
                else if (same_content(old->content, made.version)) {
                    outcome.unchanged(what);
                }
                else {
                    differing.insert(made.version.version);
                    outcome.conflict(what, "version-differs", "This version is there with another content.");
                }
            }
            for (auto const& [label, number] : p.labels) {
                json::object const what{{"prompt", p.body.name}, {"label", label}, {"points_to", number}};
                auto const points_to = there == nullptr ? std::nullopt : there->labelled(label);
                if (differing.contains(number)) { // it would serve what the document does not hold
                    outcome.conflict(what, "version-differs",
                                     "The label's version is there with another content.");
                }
                else if (!points_to) {
                    (void)parts_.prompts.move_label(c, p.body.name, label, number, asked.who.name);
                    outcome.created(what);
                }
                else if (*points_to == number) {
                    outcome.unchanged(what);
                }
                else {
                    outcome.conflict(what, "label-differs", "The label points to another version.");
                }
            }
            if (there == nullptr && p.body.archived.value_or(false)) {
                (void)parts_.prompts.archive(c, p.body.name, asked.who.name);
            }
        }
        for (auto& rule : guardrails) {
            json::object const what{{"guardrail", rule.name}};
            auto const old = std::find_if(now->guardrails.begin(), now->guardrails.end(),
                                          [&](auto const& one) { return one.rule.name == rule.name; });
            if (old == now->guardrails.end()) {
                create_or_try_again(parts_.guardrails, c, rule, asked.who.name);
                outcome.created(what);
            }
            else if (exported(old->rule) == exported(rule)) {
                outcome.unchanged(what);
            }
            else {
                outcome.conflict(what, "guardrail-differs",
                                 "A guardrail of this name is there, and differs.");
            }
        }
        if (dry_run) {
            throw dry_run_over{};
        }
        auto const report = outcome.report(false);
        return audit_entry{"library.import",
                           "library",
                           "",
                           {{"created", report.at("created")}, {"conflicts", report.at("conflicts")}}};
    };
    auto const report = [&](database_connection&) { return json_answer(outcome.report(dry_run)); };
    try {
        return parts_.change_once(asked, std::string{"import"}, work, report);
    }
    catch (dry_run_over const&) { // and so is its transaction
        return json_answer(outcome.report(true));
    }
}

} // namespace app
