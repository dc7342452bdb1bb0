#include "api/prompt_api.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "http/cached_answer.hpp"
#include "look_up.hpp"
#include "prompt/prompt_name.hpp"
#include "render/resolution.hpp"

namespace app {
namespace {

namespace json = boost::json;

bool same_letter(char a, char b)
{
    auto const small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    return small(a) == small(b);
}

bool holds(std::string_view text, std::string_view words)
{
    return std::search(text.begin(), text.end(), words.begin(), words.end(), same_letter) != text.end();
}

// In name, description, category or the newest text, without regard to case.
bool mentions(served_prompt const& p, std::string_view words)
{
    if (holds(p.name, words) || holds(p.description.value_or(""), words) ||
        holds(p.category.value_or(""), words)) {
        return true;
    }
    auto const& newest = p.versions.rbegin()->second->content;
    return holds(newest.template_text, words) ||
           std::any_of(newest.messages.begin(), newest.messages.end(),
                       [&](message const& m) { return holds(m.content, words); });
}

// "a/b" → "a/b/", what the names of all that lies in the folder begin with; the topmost, "/", → "".
std::string beginning_of(std::string folder)
{
    while (folder.ends_with('/')) {
        folder.pop_back();
    }
    return folder.empty() ? folder : folder + '/';
}

// The folders right in a folder, each with how many prompts it and those below it hold.
json::array folders_in(snapshot const& in, std::string const& beginning)
{
    std::map<std::string_view, std::size_t> counts;
    for (auto at = in.prompts.lower_bound(beginning);
         at != in.prompts.end() && at->first.starts_with(beginning); ++at) {
        auto const rest = std::string_view{at->first}.substr(beginning.size());
        if (auto const slash = rest.find('/'); slash != std::string_view::npos && !at->second.is_archived) {
            ++counts[rest.substr(0, slash)];
        }
    }
    json::array out;
    for (auto const& [name, prompts] : counts) {
        out.push_back(json::object{{"name", name}, {"prompts", prompts}});
    }
    return out;
}

json::object summary(served_prompt const& p)
{
    json::object labels;
    for (auto const& [label, number] : p.labels) {
        labels[label] = number;
    }
    return {{"name", p.name},
            {"category", or_null(p.category)},
            {"description", or_null(p.description)},
            {"latest_version", p.latest_version()},
            {"labels", std::move(labels)},
            {"updated_at", p.updated_at}};
}

} // namespace

answer prompt_api::list(call const& asked) const
{
    auto const now = parts_.served();
    auto const category = asked.text("category");
    auto const label = asked.text("label");
    auto const words = asked.text("q").value_or("");
    auto const folder = asked.text("folder");
    auto const beginning = beginning_of(folder.value_or(""));
    auto const limit = static_cast<std::size_t>(asked.number("limit").value_or(page_length));
    json::array prompts;
    json::value next(nullptr);
    auto const after = asked.text("cursor");
    auto at =
        after && *after >= beginning ? now->prompts.upper_bound(*after) : now->prompts.lower_bound(beginning);
    std::string last;
    for (; at != now->prompts.end() && at->first.starts_with(beginning); ++at) {
        auto const& p = at->second;
        bool const is_below =
            folder && words.empty() && !label && at->first.find('/', beginning.size()) != std::string::npos;
        bool const fits = !is_below && !p.is_archived && (!category || p.category == category) &&
                          (!label || p.labelled(*label)) && (words.empty() || mentions(p, words));
        if (!fits) {
            continue;
        }
        if (prompts.size() == limit) {
            next = last;
            break;
        }
        prompts.push_back(summary(p));
        last = p.name;
    }
    json::object found{{"prompts", std::move(prompts)}, {"next_cursor", std::move(next)}};
    if (folder) {
        found["folders"] = folders_in(*now, beginning);
    }
    auto const body = json::serialize(found);
    return cached_answer(body, entity_tag_of(body), "private, max-age=0", asked.asked.if_none_match);
}

answer prompt_api::fetch(call const& asked) const
{
    auto const now = parts_.served();
    auto const& name = asked.path[0];
    auto const cache = "private, max-age=" + std::to_string(parts_.settings.cache_time.count()) +
                       ", stale-while-revalidate=60";
    auto const found = resolve(*now, {name, asked.text("label"), asked.number("version"), {}, false});
    if (!found.is_builtin) {
        auto const ready = known_prompt(*now, name).fetch(found.version->content.version);
        auto a = cached_answer(ready->body, ready->entity_tag, cache, asked.asked.if_none_match);
        parts_.tell_age(a);
        return a;
    }
    parts_.served_builtin();
    auto object = to_json(found.version->content, found.version->compiled.required);
    object["labels"] = json::array{production};
    object["category"] = or_null(found.category);
    object["description"] = nullptr;
    object["source"] = "builtin";
    auto const body = json::serialize(object);
    return cached_answer(body, entity_tag_of(body), "no-store", asked.asked.if_none_match);
}

answer prompt_api::create(call const& asked) const
{
    auto body = asked.body_as<prompt_body>();
    check_prompt_name(body.name);
    check_category(body.category);
    check_description(body.description);
    auto const name = body.name;
    auto d = draft_of(body, name, asked.who.name);
    for (auto const& label : d.labels) {
        require_movable(parts_, asked, label);
    }
    return parts_.change_once(
        asked, std::nullopt,
        [&](database_connection& c) {
            parts_.prompts.create(c, d, body.category, body.description);
            return audit_entry{"prompt.create", "prompt", name, {{"version", 1}}};
        },
        [&](database_connection&) { return made_version(asked, d, body.category, body.description); });
}

answer prompt_api::patch(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const body = asked.body_as<prompt_patch>();
    check_category(body.category.value_or(std::nullopt));
    check_description(body.description.value_or(std::nullopt));
    if (!body.category && !body.description) {
        throw decode_error{"", "must have category or description"};
    }
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        parts_.prompts.patch(c, name, body, asked.who.name);
        return audit_entry{"prompt.patch", "prompt", name, {}};
    });
    return json_answer(summary(known_prompt(*parts_.served(), name)));
}

answer prompt_api::archive(call const& asked) const
{
    auto const& name = asked.path[0];
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        return parts_.prompts.archive(c, name, asked.who.name)
                   ? std::optional{audit_entry{"prompt.archive", "prompt", name, {}}}
                   : std::nullopt;
    });
    return no_content();
}

} // namespace app
