// /v1/export and /v1/import: the whole library as one document.
#pragma once

#include "api/parts.hpp"

namespace app {

/// The highest number that an import gives a version. Documents keep their gaps, which an earlier system or
/// Langfuse has left, and numbers that are dates; more than a million versions can still follow.
inline constexpr std::int64_t imported_version_max = 2'146'000'000;

/// Any thread. import blocks on the database.
class library_api
{
public:
    explicit library_api(parts const& with) : parts_{with} {}

    /// Prompts with all versions and labels, and guardrails. Equal libraries give equal bytes.
    [[nodiscard]] answer export_all(call const& asked) const;
    /// Adds what is not there, changes nothing that is; one transaction. What is there and differs is
    /// reported as a conflict, and left alone. `format=langfuse`: the body is an export of Langfuse; a prompt
    /// that cannot be taken as it is is reported, and not there at all, and the others are.
    [[nodiscard]] answer import_all(call const& asked) const;

private:
    parts const& parts_;
};

struct library_version
{
    std::int64_t version = 0;
    std::optional<std::string> type;
    std::optional<std::string> template_;
    std::optional<std::vector<message_body>> messages;
    std::optional<std::vector<std::string>> variables;
    std::optional<boost::json::object> config;
    std::optional<std::string> commit_message;
    std::optional<std::string> created_at;
    std::optional<std::string> created_by;
};
BOOST_DESCRIBE_STRUCT(library_version, (),
                      (version, type, template_, messages, variables, config, commit_message, created_at,
                       created_by))

struct library_prompt
{
    std::string name;
    std::optional<std::string> category;
    std::optional<std::string> description;
    std::optional<bool> archived;
    std::optional<boost::json::object> labels;
    std::vector<library_version> versions;
};
BOOST_DESCRIBE_STRUCT(library_prompt, (), (name, category, description, archived, labels, versions))

struct library_body
{
    std::string format;
    std::optional<std::vector<library_prompt>> prompts;
    std::optional<std::vector<guardrail_body>> guardrails;
};
BOOST_DESCRIBE_STRUCT(library_body, (), (format, prompts, guardrails))

} // namespace app
