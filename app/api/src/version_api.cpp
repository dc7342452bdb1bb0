#include "api/version_api.hpp"

#include "http/cached_answer.hpp"
#include "http/problem.hpp"
#include "look_up.hpp"
#include "prompt/text_difference.hpp"
#include "route/parameter.hpp"

namespace app {
namespace {

namespace json = boost::json;

// RFC 9110 §13.1.1, with the number of the newest version as the entity tag.
std::optional<std::int64_t> expected_version(std::string_view if_match)
{
    if (if_match.empty() || if_match == "*") {
        return std::nullopt;
    }
    if (if_match.size() > 2 && if_match.front() == '"' && if_match.back() == '"') {
        if (auto const number = whole_number(if_match.substr(1, if_match.size() - 2))) {
            return number;
        }
    }
    throw problem{400, "invalid-header",
                  "If-Match holds the newest version that you know, in quotes: If-Match: \"3\""};
}

// The text of a version as lines: that of a chat with a heading for each message.
std::string text_of(prompt_version const& v)
{
    if (!v.is_chat) {
        return v.template_text;
    }
    std::string out;
    for (auto const& m : v.messages) {
        out.append("[").append(m.role).append("]\n").append(m.content);
        if (!m.content.ends_with('\n')) {
            out += '\n';
        }
    }
    return out;
}

} // namespace

answer version_api::list(call const& asked) const
{
    auto const now = parts_.served();
    auto const& p = known_prompt(*now, asked.path[0]);
    auto const limit = static_cast<std::size_t>(asked.number("limit").value_or(page_length));
    auto const before = asked.number("cursor").value_or(std::numeric_limits<int>::max());
    json::array list;
    json::value next(nullptr);
    for (auto at = p.versions.rbegin(); at != p.versions.rend(); ++at) {
        if (at->first >= before) {
            continue;
        }
        if (list.size() == limit) {
            next = std::to_string(std::prev(at)->first);
            break;
        }
        auto const& v = at->second->content;
        list.push_back(json::object{{"version", v.version},
                                    {"type", v.is_chat ? "chat" : "text"},
                                    {"commit_message", or_null(v.commit_message)},
                                    {"created_at", v.created_at},
                                    {"created_by", or_null(v.created_by)},
                                    {"labels", json_texts(p.labels_of(v.version))}});
    }
    return json_answer(
        json::object{{"name", p.name}, {"versions", std::move(list)}, {"next_cursor", std::move(next)}});
}

answer version_api::find(call const& asked) const
{
    auto const now = parts_.served();
    auto const found =
        known_version(known_prompt(*now, asked.path[0]), whole_number(asked.path[1]).value_or(0));
    return cached_answer(found->body, found->entity_tag, "private, max-age=31536000, immutable",
                         asked.asked.if_none_match);
}

answer version_api::add(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const expected = expected_version(asked.asked.if_match);
    auto d = draft_of(asked.body_as<version_body>(), name, asked.who.name);
    for (auto const& label : d.labels) {
        require_movable(parts_, asked, label);
    }
    auto const now = parts_.served();
    auto const* const p = now->find(name);
    return parts_.change_once(
        asked, d.version.commit_message,
        [&](database_connection& c) {
            parts_.prompts.add_version(c, d, expected);
            return audit_entry{"prompt.version", "prompt", name, {{"version", d.version.version}}};
        },
        [&](database_connection&) {
            return p == nullptr ? made_version(asked, d, std::nullopt, std::nullopt)
                                : made_version(asked, d, p->category, p->description);
        });
}

answer version_api::difference(call const& asked) const
{
    auto const now = parts_.served();
    auto const& p = known_prompt(*now, asked.path[0]);
    auto const from = asked.number("from");
    auto const to = asked.number("to");
    if (!from || !to) {
        throw problem{400, "invalid-parameter", "from and to are required: the versions to compare."};
    }
    auto const before = known_version(p, *from);
    auto const after = known_version(p, *to);
    auto const label = [&](std::int64_t number) { return p.name + " version " + std::to_string(number); };
    return json_answer(json::object{{"from", *from},
                                    {"to", *to},
                                    {"unified", unified_difference(label(*from), text_of(before->content),
                                                                   label(*to), text_of(after->content))}});
}

} // namespace app
