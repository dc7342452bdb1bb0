#include "look_up.hpp"

#include <algorithm>

#include "http/problem.hpp"
#include "http/request_target.hpp"
#include "prompt/prompt_name.hpp"

namespace app {

namespace json = boost::json;

served_prompt const& known_prompt(snapshot const& in, std::string const& name)
{
    auto const* const found = in.find(name);
    if (found == nullptr) {
        throw problem{404, "prompt-not-found", "There is no prompt of this name."};
    }
    return *found;
}

std::shared_ptr<served_version const> known_version(served_prompt const& p, std::int64_t number)
{
    auto found = number < 1 || number > std::numeric_limits<int>::max() ? nullptr
                                                                        : p.version(static_cast<int>(number));
    if (!found) {
        throw problem{404, "version-not-found", "The prompt has no such version."};
    }
    return found;
}

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

json::array json_texts(std::vector<std::string> const& list)
{
    json::array out;
    for (auto const& text : list) {
        out.emplace_back(text);
    }
    return out;
}

void require_movable(parts const& with, call const& by, std::string const& label)
{
    if (!is_label(label)) {
        throw problem{
            400, "invalid-label", "A label is [a-z0-9][a-z0-9._-]{0,35}.", {{"label", label.substr(0, 100)}}};
    }
    if (label == latest) {
        throw problem{400, "label-reserved", "latest always is the newest version; it cannot be moved."};
    }
    auto const& kept = with.settings.protected_labels;
    if (by.who.may < scope::admin && std::find(kept.begin(), kept.end(), label) != kept.end()) {
        throw problem{
            403, "label-protected", "Only a key of scope admin moves this label.", {{"label", label}}};
    }
}

void check_reason(std::optional<std::string> const& reason)
{
    constexpr std::size_t reason_length_max = 2'000;
    if (reason && reason->size() > reason_length_max) {
        throw decode_error{"/reason", "must have " + std::to_string(reason_length_max) + " bytes at most"};
    }
}

answer made_version(call const& by, draft const& d, std::optional<std::string> const& category,
                    std::optional<std::string> const& description)
{
    auto object = to_json(d.version, d.compiled.required);
    auto labels = d.labels;
    labels.emplace_back(latest);
    std::sort(labels.begin(), labels.end());
    object["labels"] = json_texts(labels);
    object["category"] = or_null(category);
    object["description"] = or_null(description);
    object["source"] = "database";
    auto a = json_answer(object, 201);
    a.with("Location", "/v1/prompts/" + percent_encoded(d.version.name) + "/versions/" +
                           std::to_string(d.version.version));
    a.with("ETag", '"' + std::to_string(d.version.version) + '"');
    if (!by.asked.traceparent.empty()) {
        a.with("traceparent", by.asked.traceparent);
    }
    return a;
}

} // namespace app
