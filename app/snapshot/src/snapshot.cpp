#include "snapshot/snapshot.hpp"

#include <boost/json/serialize.hpp>

#include "http/cached_answer.hpp"
#include "prompt/prompt_name.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

std::shared_ptr<ready_answer const> make_answer(served_prompt const& p, served_version const& v)
{
    auto object = to_json(v.content, v.compiled.required);
    json::array labels;
    for (auto const& label : p.labels_of(v.content.version)) {
        labels.emplace_back(label);
    }
    object["labels"] = std::move(labels);
    object["category"] = or_null(p.category);
    object["description"] = or_null(p.description);
    object["source"] = "database";
    auto out = std::make_shared<ready_answer>();
    out->body = json::serialize(object);
    out->entity_tag = entity_tag_of(out->body);
    return out;
}

} // namespace

std::shared_ptr<served_version const> served_prompt::version(int number) const
{
    auto const found = versions.find(number);
    return found == versions.end() ? nullptr : found->second;
}

std::optional<int> served_prompt::labelled(std::string_view label) const
{
    auto const found = labels.find(label);
    return found == labels.end() ? std::nullopt : std::optional<int>{found->second};
}

std::vector<std::string> served_prompt::labels_of(int number) const
{
    std::vector<std::string> out;
    for (auto const& [label, points_to] : labels) {
        if (points_to == number) {
            out.push_back(label);
        }
    }
    return out;
}

std::shared_ptr<ready_answer const> served_prompt::fetch(int number) const
{
    auto const found = fetched.find(number);
    return found != fetched.end() ? found->second : make_answer(*this, *versions.at(number));
}

void finish(served_prompt& p)
{
    p.labels.insert_or_assign(std::string{latest}, p.latest_version());
    for (auto const& [label, number] : p.labels) {
        if (auto const v = p.version(number); v && !p.fetched.contains(number)) {
            p.fetched.emplace(number, make_answer(p, *v));
        }
    }
}

served_prompt const* snapshot::find(std::string_view name) const
{
    auto const found = prompts.find(name);
    return found == prompts.end() ? nullptr : &found->second;
}

std::optional<principal> snapshot::holder_of(std::string_view key_hash, std::int64_t now) const
{
    auto const found = keys.find(std::string{key_hash});
    if (found == keys.end() || (found->second.expires_at && *found->second.expires_at <= now)) {
        return std::nullopt;
    }
    return found->second.holder;
}

} // namespace app
