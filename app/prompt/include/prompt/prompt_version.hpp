// A version of a prompt: content that never changes.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "template/program.hpp"

namespace app {

struct message
{
    std::string role;
    std::string content;
};

/// The parsed templates of a version: one, or one for each message of a chat.
struct compiled_prompt
{
    std::vector<std::string> roles; ///< empty for a text
    std::vector<program> programs;
    std::vector<std::string> variables; ///< that the templates use, each once
    std::vector<std::string> required;  ///< that they cannot do without
};

/// A problem of a template, and in which message of a chat.
struct placed_problem
{
    template_problem problem;
    std::optional<std::size_t> message; ///< 0-based
};

struct prompt_version
{
    std::string id; ///< of the row
    std::string name;
    int version = 1;
    bool is_chat = false;
    std::string template_text;       ///< of a text
    std::vector<message> messages{}; ///< of a chat
    boost::json::array variables{};  ///< as stored: those used, and more that the author named
    boost::json::object config{};
    std::optional<std::string> commit_message{};
    std::optional<std::string> created_by{};
    std::string created_at; ///< RFC 3339, UTC

    /// Of the text or of all messages; a problem each.
    [[nodiscard]] std::vector<placed_problem> compile(compiled_prompt& into) const;
};

/// How the database keeps the content in template_text: the text, or the messages as a JSON array.
[[nodiscard]] std::string stored_text(prompt_version const& v);
/// The reverse. A chat whose text is no array of messages (somebody wrote it by SQL) becomes a chat without
/// messages.
void take_stored_text(prompt_version& v, std::string text);

/// The content's fields: name, version, type, template or messages, variables, required, config,
/// commit_message, created_at, created_by.
[[nodiscard]] boost::json::object to_json(prompt_version const& v, std::vector<std::string> const& required);

} // namespace app
