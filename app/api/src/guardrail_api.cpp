#include "api/guardrail_api.hpp"

#include "database/database_error.hpp"
#include "http/problem.hpp"
#include "http/request_target.hpp"
#include "screening/match.hpp"
#include "screening/screen.hpp"

namespace app {
namespace {

namespace json = boost::json;

served_guardrail const& known(snapshot const& in, std::string const& name)
{
    for (auto const& one : in.guardrails) {
        if (one.rule.name == name) {
            return one;
        }
    }
    throw problem{404, "guardrail-not-found", "There is no guardrail of this name."};
}

using counters = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;

// The snapshot's counters are those of the last change of content. While the database is lost they have to
// do.
counters counted(parts const& with)
{
    try {
        return with.db.read([&](database_connection& c) { return with.guardrails.counters(c); });
    }
    catch (database_error const&) {
        return {};
    }
}

json::object shown(served_guardrail const& one, counters const& now)
{
    auto object = to_json(one.rule, one.is_effective());
    if (auto const found = now.find(one.rule.id); found != now.end()) {
        object["total_checks"] = found->second.first;
        object["violation_count"] = found->second.second;
    }
    if (!one.fault.empty()) {
        object["fault"] = one.fault;
    }
    return object;
}

} // namespace

answer guardrail_api::stored(std::string const& name) const
{
    return json_answer(shown(known(*parts_.served(), name), counted(parts_)));
}

answer guardrail_api::list(call const&) const
{
    auto const now = parts_.served();
    auto const counts = counted(parts_);
    json::array all;
    for (auto const& one : now->guardrails) {
        all.push_back(shown(one, counts));
    }
    return json_answer(json::object{{"guardrails", std::move(all)}});
}

answer guardrail_api::find(call const& asked) const
{
    return stored(asked.path[0]);
}

answer guardrail_api::create(call const& asked) const
{
    auto rule = guardrail_of(asked.body_as<guardrail_body>());
    return parts_.change_once(
        asked, std::nullopt,
        [&](database_connection& c) {
            parts_.guardrails.create(c, rule, asked.who.name);
            return audit_entry{"guardrail.create", "guardrail", rule.name, {{"action", rule.action}}};
        },
        [&](database_connection&) {
            auto a = json_answer(to_json(rule, screen::compile(rule.type, rule.config).effective()), 201);
            return a.with("Location", "/v1/guardrails/" + percent_encoded(rule.name));
        });
}

answer guardrail_api::replace(call const& asked) const
{
    auto body = asked.body_as<guardrail_body>();
    auto const& name = asked.path[0];
    if (body.name && *body.name != name) {
        throw decode_error{"/name",
                           "must be the name in the path, or be left out: a guardrail keeps its name"};
    }
    body.name = name;
    auto const rule = guardrail_of(std::move(body));
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        parts_.guardrails.replace(c, rule, asked.who.name);
        return audit_entry{
            "guardrail.replace", "guardrail", name, {{"action", rule.action}, {"is_active", rule.is_active}}};
    });
    return stored(name);
}

answer guardrail_api::remove(call const& asked) const
{
    auto const& name = asked.path[0];
    parts_.change(asked, std::nullopt, [&](database_connection& c) {
        parts_.guardrails.remove(c, name);
        return audit_entry{"guardrail.remove", "guardrail", name, {}};
    });
    return no_content();
}

answer guardrail_api::test(call const& asked) const
{
    auto const now = parts_.served();
    auto const& one = known(*now, asked.path[0]);
    auto const body = asked.body_as<text_body>();
    if (!one.compiled) {
        throw problem{422, "pattern-invalid", one.fault};
    }
    json::array hits;
    for (auto const& m : in_characters(body.text, one.compiled->find(body.text))) {
        hits.push_back(json::object{{"entity", m.entity}, {"start", m.begin}, {"end", m.end}});
    }
    return json_answer(json::object{{"hits", std::move(hits)}, {"effective", one.is_effective()}});
}

} // namespace app
