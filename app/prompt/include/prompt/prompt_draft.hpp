// What a client sends to make a prompt or a version of it, and what is made of it once it is found good.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "prompt/prompt_version.hpp"

namespace app {

struct message_body
{
    std::string role;
    std::string content;
};
BOOST_DESCRIBE_STRUCT(message_body, (), (role, content))

/// POST /v1/prompts/{name}/versions.
struct version_body
{
    std::optional<std::string> type;
    std::optional<std::string> template_;
    std::optional<std::vector<message_body>> messages;
    std::optional<std::vector<std::string>> variables;
    std::optional<boost::json::object> config;
    std::optional<std::vector<std::string>> labels;
    std::optional<std::string> commit_message;
};
BOOST_DESCRIBE_STRUCT(version_body, (),
                      (type, template_, messages, variables, config, labels, commit_message))

/// POST /v1/prompts.
struct prompt_body : version_body
{
    std::string name;
    std::optional<std::string> category;
    std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(prompt_body, (version_body), (name, category, description))

/// PATCH /v1/prompts/{name}: absent leaves it, null takes it away.
struct prompt_patch
{
    std::optional<std::optional<std::string>> category;
    std::optional<std::optional<std::string>> description;
};
BOOST_DESCRIBE_STRUCT(prompt_patch, (), (category, description))

/// A version that may be stored.
struct draft
{
    prompt_version version;
    compiled_prompt compiled;
    std::vector<std::string> labels;
};

/// Throws decode_error or problem: 400 for a wrong shape, 422 `template-invalid` with all problems of the
/// templates. `name` is the prompt's; `author` the key's name.
[[nodiscard]] draft draft_of(version_body body, std::string name, std::string const& author);

/// Throws decode_error if it is no name (prompt_name.hpp).
void check_prompt_name(std::string const& name);
/// Throw decode_error for what the database could not hold.
void check_category(std::optional<std::string> const& category);
void check_description(std::optional<std::string> const& description);
void check_author(std::optional<std::string> const& created_by);

/// The extension members of `template-invalid`: problems with code, line, column, message (and
/// message_index).
[[nodiscard]] boost::json::array problems_json(std::vector<placed_problem> const& problems);

} // namespace app
