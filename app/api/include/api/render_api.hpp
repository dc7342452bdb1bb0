// POST /v1/prompts/{name}/render and POST /v1/preview.
#pragma once

#include "api/parts.hpp"
#include "http/handler.hpp"
#include "journal/journal.hpp"
#include "prompt/prompt_draft.hpp"

namespace app {

/// Any thread; neither blocks.
class render_api
{
public:
    render_api(parts const& with, journal& into) : parts_{with}, journal_{into} {}

    /// Renders, and logs the execution. With ?durable=true it answers when the execution is in the database.
    void render(call asked, respond then) const;

    /// What render would do with a template that is not saved. Saves and logs nothing.
    [[nodiscard]] answer preview(call const& asked) const;

private:
    parts const& parts_;
    journal& journal_;
};

struct render_body
{
    std::optional<boost::json::object> variables;
    std::optional<std::string> user_id;
    std::optional<std::string> session_id;
    std::optional<std::string> label;
    std::optional<std::int64_t> version;
    std::optional<bool> dry_run;
    std::optional<std::string> environment;
};
BOOST_DESCRIBE_STRUCT(render_body, (), (variables, user_id, session_id, label, version, dry_run, environment))

struct preview_body
{
    std::optional<std::string> template_;
    std::optional<std::vector<message_body>> messages;
    std::optional<boost::json::object> variables;
    std::optional<std::string> name; ///< of the prompt that it is to become: its guardrails look, too
};
BOOST_DESCRIBE_STRUCT(preview_body, (), (template_, messages, variables, name))

} // namespace app
