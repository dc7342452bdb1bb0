#include "api/admin_api.hpp"

#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "identity/api_key.hpp"
#include "route/parameter.hpp"

namespace app {

namespace json = boost::json;

namespace {

constexpr std::int64_t page_length = 50;

} // namespace

new_key new_key_of(key_body const& body)
{
    auto const length = length_in_characters(body.name);
    if (length == 0 || length > 255) {
        throw decode_error{"/name",
                           "must have 1 to 255 characters: it is shown wherever the key has done something"};
    }
    auto const may = scope_of(body.scope);
    if (!may) {
        throw decode_error{"/scope", "must be read, write or admin"};
    }
    std::optional<std::int64_t> expires_at;
    if (body.expires_at) {
        expires_at = time_of(*body.expires_at);
        if (!expires_at) {
            throw decode_error{"/expires_at", "must be a time with its offset, as 2030-01-31T00:00:00Z"};
        }
    }
    return {body.name, *may, expires_at};
}

answer admin_api::whoami(call const& asked) const
{
    json::array kept;
    for (auto const& label : parts_.settings.protected_labels) {
        kept.emplace_back(label);
    }
    return json_answer(json::object{{"name", asked.who.name},
                                    {"scope", name_of(asked.who.may)},
                                    {"anonymous_may_read", parts_.settings.anonymous_may_read},
                                    {"protected_labels", std::move(kept)}})
        .with("Cache-Control", "no-store");
}

answer admin_api::keys(call const&) const
{
    json::array list;
    for (auto const& key : parts_.db.read([&](database_connection& c) { return parts_.keys.list(c); })) {
        list.push_back(to_json(key));
    }
    return json_answer(json::object{{"keys", std::move(list)}});
}

answer admin_api::create_key(call const& asked) const
{
    auto const wanted = new_key_of(asked.body_as<key_body>());
    auto const key = make_api_key();
    stored_key made;
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        made =
            parts_.keys.add(c, wanted.name, wanted.may, hash_of_key(key), asked.who.name, wanted.expires_at);
        return audit_entry{"key.create", "key", made.id, {{"name", made.name}, {"scope", made.may}}};
    });
    auto object = to_json(made);
    object["key"] = key;
    auto a = json_answer(object, 201);
    a.with("Location", "/v1/keys/" + made.id);
    return a;
}

answer admin_api::revoke_key(call const& asked) const
{
    auto const& id = asked.path[0];
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        if (!parts_.keys.revoke(c, id, asked.who.name)) {
            throw problem{404, "key-not-found", "There is no such key, or it is revoked already."};
        }
        return audit_entry{"key.revoke", "key", id, {}};
    });
    return no_content();
}

answer admin_api::audit(call const& asked) const
{
    audit_filter filter;
    filter.object_type = asked.text("object_type");
    filter.object_name = asked.text("object_name");
    filter.actor = asked.text("actor");
    filter.action = asked.text("action");
    filter.before = asked.number("cursor");
    auto const limit = asked.number("limit").value_or(page_length);
    filter.limit = limit + 1;
    auto rows = parts_.db.read([&](database_connection& c) { return parts_.audit.list(c, filter); });
    json::value next(nullptr);
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.pop_back();
        next = std::to_string(rows.back().id);
    }
    json::array list;
    for (auto const& row : rows) {
        list.push_back(to_json(row));
    }
    return json_answer(json::object{{"audit", std::move(list)}, {"next_cursor", std::move(next)}});
}

} // namespace app
