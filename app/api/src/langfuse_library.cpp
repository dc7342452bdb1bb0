#include "langfuse_library.hpp"

#include <algorithm>
#include <set>

#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "prompt/prompt_name.hpp"
#include "route/parameter.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::string_view reference_mark = "@@@langfusePrompt:";
constexpr std::size_t name_bytes_max = 4 * 255; // of old names, which are not ASCII alone

// All versions of one name, and what is wrong with which.
struct gathered
{
    library_prompt prompt;
    std::vector<json::object> faults; // of each version; empty: it is good
    std::set<std::string> tags;
    bool has_good_name = true;
};

problem refusal(char const* code, std::string detail)
{
    return {422, code, std::move(detail)};
}

json::value const& member(json::object const& of, char const* name)
{
    static json::value const absent(nullptr);
    auto const* const found = of.if_contains(name);
    return found == nullptr ? absent : *found;
}

std::optional<std::string> optional_text(json::object const& of, char const* name)
{
    auto const& value = member(of, name);
    if (value.is_null()) {
        return std::nullopt;
    }
    if (!value.is_string()) {
        throw decode_error{std::string{'/'} + name, "must be a string"};
    }
    return std::string{value.get_string()};
}

std::string text(json::object const& of, char const* name)
{
    auto found = optional_text(of, name);
    if (!found) {
        throw decode_error{std::string{'/'} + name, "is required"};
    }
    return std::move(*found);
}

std::vector<std::string> texts(json::object const& of, char const* name)
{
    auto const& value = member(of, name);
    return value.is_null() ? std::vector<std::string>{} : decode<std::vector<std::string>>(value);
}

std::string without_references(std::string from)
{
    if (from.find(reference_mark) != std::string::npos) {
        throw refusal("langfuse-reference",
                      "It holds the text of another prompt by reference. Import it resolved, as GET "
                      "/api/public/v2/prompts/NAME of Langfuse answers.");
    }
    return from;
}

std::vector<message_body> messages_of(json::array const& from)
{
    std::vector<message_body> out;
    for (auto const& one : from) {
        if (!one.is_object()) {
            throw decode_error{"/prompt", "must be a text, or messages with role and content"};
        }
        auto const& object = one.get_object();
        if (optional_text(object, "type") == "placeholder") {
            throw refusal("langfuse-placeholder",
                          "It has a placeholder for messages, which a chat here does not have.");
        }
        out.push_back({text(object, "role"), without_references(text(object, "content"))});
    }
    return out;
}

// Throws problem or decode_error for what could not be stored as it is.
void take_content(json::object const& from, std::string const& name, library_version& into)
{
    auto const& content = member(from, "prompt");
    if (auto const* const chat = content.if_array()) {
        into.messages = messages_of(*chat);
    }
    else {
        into.template_ = without_references(text(from, "prompt"));
    }
    into.type = optional_text(from, "type");
    if (auto const& config = member(from, "config"); !config.is_null()) {
        if (!config.is_object()) {
            throw decode_error{"/config", "must be an object"};
        }
        into.config = config.get_object();
    }
    into.commit_message = optional_text(from, "commitMessage");
    into.created_by = optional_text(from, "createdBy");
    into.created_at = optional_text(from, "createdAt");
    if (into.created_at && !time_of(*into.created_at)) {
        throw decode_error{"/createdAt", "must be a time with its offset"};
    }
    if (into.created_by && length_in_characters(*into.created_by) > 255) {
        throw decode_error{"/createdBy", "must have 255 characters at most"};
    }
    (void)draft_of({into.type, into.template_, into.messages, std::nullopt, into.config, std::nullopt,
                    into.commit_message},
                   name, "");
}

void take_labels(json::object const& from, std::int64_t version, library_prompt& into)
{
    for (auto const& label : texts(from, "labels")) {
        if (label == latest) {
            continue;
        }
        if (!is_label(label)) {
            throw refusal("invalid-label", "A label here is [a-z0-9][a-z0-9._-]{0,35}.");
        }
        if (!into.labels->emplace(label, version).second) {
            throw refusal("label-twice", "Another version of this prompt has the same label.");
        }
    }
}

std::int64_t number_of(json::object const& from, std::vector<library_version> const& before)
{
    auto const& value = member(from, "version");
    std::int64_t newest = 0;
    for (auto const& one : before) {
        newest = std::max(newest, one.version);
    }
    json::value const next(newest + 1);
    auto const* const number = (value.is_null() ? next : value).if_int64();
    if (number == nullptr || *number < 1 || *number > imported_version_max) {
        throw decode_error{"/version",
                           "must be a whole number from 1 to " + std::to_string(imported_version_max)};
    }
    return *number;
}

json::object fault(problem const& p)
{
    json::object out{{"code", p.code}, {"detail", p.detail}};
    for (auto const& more : p.more) {
        out.insert(more);
    }
    return out;
}

json::object take(json::object const& from, gathered& into)
{
    auto& versions = into.prompt.versions;
    library_version made;
    json::object found;
    try {
        made.version = number_of(from, versions);
        bool const twice = std::any_of(versions.begin(), versions.end(),
                                       [&](auto const& one) { return one.version == made.version; });
        if (twice) {
            throw refusal("version-twice", "The document has this version before.");
        }
        take_content(from, into.prompt.name, made);
        take_labels(from, made.version, into.prompt);
        for (auto& tag : texts(from, "tags")) {
            into.tags.insert(std::move(tag));
        }
        if (!into.has_good_name) {
            throw refusal("invalid-name",
                          "The name of a new prompt here is parts of [A-Za-z0-9][A-Za-z0-9._-]* joined by "
                          "\"/\", 255 characters at most.");
        }
    }
    catch (problem const& p) {
        found = fault(p);
    }
    catch (decode_error const& e) {
        found = {{"code", "invalid-field"}, {"detail", e.path() + ' ' + e.what() + '.'}};
    }
    versions.push_back(std::move(made));
    return found;
}

} // namespace

langfuse_library langfuse_library_of(json::value const& document,
                                     std::function<bool(std::string const& name)> const& may_be)
{
    json::array const one{document};
    auto const& items = document.is_array() ? document.get_array() : one;
    std::vector<gathered> all;
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto const path = document.is_array() ? '/' + std::to_string(i) : std::string{};
        auto const* const item = items[i].if_object();
        if (item == nullptr) {
            throw decode_error{path, "must be a prompt as Langfuse exports it"};
        }
        auto const& name = member(*item, "name");
        if (!name.is_string() || name.get_string().empty() || name.get_string().size() > name_bytes_max) {
            throw decode_error{path + "/name", "must be a name"};
        }
        auto const same = std::find_if(all.begin(), all.end(), [&](gathered const& other) {
            return other.prompt.name == name.get_string();
        });
        auto& into = same == all.end() ? all.emplace_back() : *same;
        into.prompt.name = std::string{name.get_string()};
        into.has_good_name = may_be(into.prompt.name);
        into.prompt.labels = std::move(into.prompt.labels).value_or(json::object{});
        into.faults.push_back(take(*item, into));
    }
    langfuse_library out;
    for (auto& p : all) {
        for (auto const& tag : p.tags) {
            auto& description = p.prompt.description;
            description = description ? *description + ", " + tag : "Langfuse tags: " + tag;
        }
        if (std::all_of(p.faults.begin(), p.faults.end(), [](auto const& f) { return f.empty(); })) {
            out.prompts.push_back(std::move(p.prompt));
            continue;
        }
        for (std::size_t i = 0; i < p.faults.size(); ++i) {
            json::object line{{"prompt", p.prompt.name}, {"version", p.prompt.versions[i].version}};
            if (p.faults[i].empty()) {
                p.faults[i] = {{"code", "prompt-incomplete"},
                               {"detail", "Another version of this prompt is refused."}};
            }
            line.insert(p.faults[i].begin(), p.faults[i].end());
            out.refused.push_back(std::move(line));
        }
    }
    return out;
}

} // namespace app
