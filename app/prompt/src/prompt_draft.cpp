#include "prompt/prompt_draft.hpp"

#include <algorithm>

#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "prompt/prompt_name.hpp"
#include "json/decode.hpp"

namespace app {
namespace {

constexpr std::size_t messages_max = 200;
constexpr std::size_t role_length_max = 50;
constexpr std::size_t commit_message_length_max = 2'000;
constexpr std::size_t description_length_max = 10'000;
constexpr std::size_t category_length_max = 100;
constexpr std::size_t author_length_max = 255;
constexpr std::size_t variables_max = 1'000;
constexpr std::size_t variable_length_max = 255;

void check_length(std::string const& path, std::string const& text, std::size_t least, std::size_t most)
{
    auto const length = length_in_characters(text);
    if (length < least || length > most) {
        throw decode_error{path, "must have " + std::to_string(least) + " to " + std::to_string(most) +
                                     " characters"};
    }
}

bool is_chat(version_body const& body)
{
    if (body.template_.has_value() == body.messages.has_value()) {
        throw decode_error{"", "must have either template (a text) or messages (a chat)"};
    }
    bool const chat = body.messages.has_value();
    if (body.type && *body.type != (chat ? "chat" : "text")) {
        throw decode_error{"/type", "must be \"text\" with template, or \"chat\" with messages"};
    }
    return chat;
}

std::vector<message> messages_of(std::vector<message_body> const& bodies)
{
    if (bodies.empty() || bodies.size() > messages_max) {
        throw decode_error{"/messages", "must have 1 to " + std::to_string(messages_max) + " messages"};
    }
    std::vector<message> out;
    for (auto const& body : bodies) {
        check_length("/messages/" + std::to_string(out.size()) + "/role", body.role, 1, role_length_max);
        out.push_back({body.role, body.content});
    }
    return out;
}

// As the author named them, and what else the templates use.
boost::json::array variables_of(std::vector<std::string> const& used, std::vector<std::string> named)
{
    if (named.size() > variables_max) {
        throw decode_error{"/variables", "must have " + std::to_string(variables_max) + " names at most"};
    }
    for (auto const& name : named) {
        check_length("/variables", name, 1, variable_length_max);
    }
    named.insert(named.end(), used.begin(), used.end());
    boost::json::array out;
    for (auto at = named.begin(); at != named.end(); ++at) {
        if (std::find(named.begin(), at, *at) == at) {
            out.emplace_back(*at);
        }
    }
    return out;
}

std::vector<std::string> labels_of(std::optional<std::vector<std::string>> labels)
{
    auto out = std::move(labels).value_or(std::vector<std::string>{});
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    constexpr std::size_t label_count_max = 100;
    if (out.size() > label_count_max) {
        throw decode_error{"/labels", "must be " + std::to_string(label_count_max) + " at most"};
    }
    for (auto const& label : out) {
        if (!is_label(label) || label == latest) {
            throw decode_error{"/labels",
                               "must be names of [a-z0-9][a-z0-9._-]{0,35}, and not \"latest\", which "
                               "always is the newest version"};
        }
    }
    return out;
}

} // namespace

void check_prompt_name(std::string const& name)
{
    if (!is_prompt_name(name)) {
        throw decode_error{"/name",
                           "must be parts of [A-Za-z0-9][A-Za-z0-9._-]* joined by \"/\", 255 characters at "
                           "most"};
    }
}

void check_category(std::optional<std::string> const& category)
{
    if (category) {
        check_length("/category", *category, 1, category_length_max);
    }
}

void check_description(std::optional<std::string> const& description)
{
    if (description) {
        check_length("/description", *description, 0, description_length_max);
    }
}

void check_author(std::optional<std::string> const& created_by)
{
    if (created_by) {
        check_length("/created_by", *created_by, 0, author_length_max);
    }
}

boost::json::array problems_json(std::vector<placed_problem> const& problems)
{
    boost::json::array out;
    for (auto const& [fault, index] : problems) {
        boost::json::object one{
            {"code", fault.code}, {"line", fault.line}, {"column", fault.column}, {"message", fault.message}};
        if (index) {
            one["message_index"] = *index;
        }
        out.push_back(std::move(one));
    }
    return out;
}

draft draft_of(version_body body, std::string name, std::string const& author)
{
    draft out;
    auto& version = out.version;
    version.name = std::move(name);
    version.created_by = author;
    version.is_chat = is_chat(body);
    if (version.is_chat) {
        version.messages = messages_of(*body.messages);
    }
    else {
        version.template_text = std::move(*body.template_);
        if (version.template_text.empty()) {
            throw decode_error{"/template", "must not be empty"};
        }
    }
    if (body.commit_message) {
        check_length("/commit_message", *body.commit_message, 0, commit_message_length_max);
    }
    version.commit_message = std::move(body.commit_message);
    version.config = std::move(body.config).value_or(boost::json::object{});
    out.labels = labels_of(std::move(body.labels));
    auto const problems = version.compile(out.compiled);
    if (!problems.empty()) {
        auto const& [first, index] = problems.front();
        throw problem{
            422,
            "template-invalid",
            (index ? "Message " + std::to_string(*index) + ", line " : "Line ") + std::to_string(first.line) +
                ", column " + std::to_string(first.column) + ": " + first.message,
            {{"line", first.line}, {"column", first.column}, {"problems", problems_json(problems)}}};
    }
    version.variables =
        variables_of(out.compiled.variables, std::move(body.variables).value_or(std::vector<std::string>{}));
    return out;
}

} // namespace app
