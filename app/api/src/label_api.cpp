#include "api/label_api.hpp"

#include "http/problem.hpp"
#include "look_up.hpp"

namespace app {

namespace json = boost::json;

answer label_api::move(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const& label = asked.path[1];
    require_movable(parts_, asked, label);
    auto const body = asked.body_as<label_body>();
    check_reason(body.reason);
    if (body.version < 1) {
        throw decode_error{"/version", "must be a whole number from 1"};
    }
    std::optional<std::int64_t> before;
    parts_.change(asked, body.reason, [&](database_connection& c) {
        before = parts_.prompts.move_label(c, name, label, body.version, asked.who.name);
        if (before == body.version) {
            return std::optional<audit_entry>{};
        }
        return std::optional{audit_entry{"label.move",
                                         "prompt",
                                         name,
                                         {{"label", label},
                                          {"from", before ? json::value(*before) : json::value(nullptr)},
                                          {"to", body.version},
                                          {"reason", or_null(body.reason)}}}};
    });
    return json_answer(
        json::object{{"name", name},
                     {"label", label},
                     {"version", body.version},
                     {"previous_version", before ? json::value(*before) : json::value(nullptr)}});
}

answer label_api::remove(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const& label = asked.path[1];
    require_movable(parts_, asked, label);
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        auto const was = parts_.prompts.remove_label(c, name, label, asked.who.name);
        return audit_entry{"label.remove", "prompt", name, {{"label", label}, {"from", was}}};
    });
    return no_content();
}

answer label_api::list(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const now = parts_.served();
    json::object labels;
    for (auto const& label :
         parts_.db.read([&](database_connection& c) { return parts_.prompts.labels_ever(c, name); })) {
        labels[label] = nullptr; // removed, unless it points to a version
    }
    for (auto const& [label, version] : known_prompt(*now, name).labels) {
        labels[label] = version;
    }
    return json_answer(json::object{{"name", name}, {"labels", std::move(labels)}});
}

answer label_api::history(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const& label = asked.path[1];
    (void)known_prompt(*parts_.served(), name);
    auto const limit = asked.number("limit").value_or(page_length);
    auto moves = parts_.db.read([&](database_connection& c) {
        return parts_.prompts.history(c, name, label, asked.number("cursor"), limit + 1);
    });
    json::value next(nullptr);
    if (moves.size() > static_cast<std::size_t>(limit)) {
        moves.pop_back();
        next = std::to_string(moves.back().id);
    }
    auto const number = [](std::optional<std::int64_t> const& n) {
        return n ? json::value(*n) : json::value(nullptr);
    };
    json::array list;
    for (auto const& m : moves) {
        list.push_back(json::object{{"from", number(m.from)},
                                    {"to", number(m.to)},
                                    {"moved_at", m.moved_at},
                                    {"moved_by", or_null(m.moved_by)},
                                    {"reason", or_null(m.reason)}});
    }
    return json_answer(json::object{
        {"name", name}, {"label", label}, {"history", std::move(list)}, {"next_cursor", std::move(next)}});
}

} // namespace app
