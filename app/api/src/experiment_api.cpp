#include "api/experiment_api.hpp"

#include <algorithm>

#include "analysis_limits.hpp"
#include "http/problem.hpp"
#include "http/request_target.hpp"
#include "look_up.hpp"
#include "prompt/prompt_name.hpp"

namespace app {

namespace json = boost::json;

std::function<answer(database_connection&)> experiment_api::stored(std::string const& name, int status) const
{
    return [this, name, status](database_connection& c) {
        auto a = json_answer(to_json(store_.find(c, name)), status);
        if (status == 201) {
            a.with("Location", "/v1/experiments/" + percent_encoded(name));
        }
        return a;
    };
}

std::vector<observations> experiment_api::observed(stored_experiment const& x) const
{
    return analysed(reading_, [&](database_connection& c) { return store_.observed(c, x); });
}

answer experiment_api::list(call const& asked) const
{
    experiment_filter filter;
    filter.prompt = asked.text("prompt");
    filter.status = asked.text("status");
    filter.before = asked.text("cursor");
    auto const limit = asked.number("limit").value_or(page_length);
    filter.limit = limit + 1;
    auto found = parts_.db.read([&](database_connection& c) { return store_.list(c, filter); });
    json::value next(nullptr);
    if (found.size() > static_cast<std::size_t>(limit)) {
        found.pop_back();
        next = found.back().is.name;
    }
    json::array list;
    for (auto const& one : found) {
        list.push_back(to_json(one));
    }
    return json_answer(json::object{{"experiments", std::move(list)}, {"next_cursor", std::move(next)}});
}

answer experiment_api::create(call const& asked) const
{
    auto const made = experiment_of(asked.body_as<experiment_body>());
    auto const work = [&](database_connection& c) {
        store_.create(c, made, asked.who.name);
        return audit_entry{"experiment.create", "experiment", made.is.name, {{"prompt", made.is.prompt}}};
    };
    return parts_.change_once(asked, std::nullopt, work, stored(made.is.name, 201));
}

answer experiment_api::find(call const& asked) const
{
    auto const x = parts_.db.read([&](database_connection& c) { return store_.find(c, asked.path[0]); });
    auto object = to_json(x);
    object["results"] = results_of(x.asks(), observed(x));
    return json_answer(object);
}

answer experiment_api::start(call const& asked) const
{
    return switched(asked, "experiment.start", &experiment_store::start);
}

answer experiment_api::stop(call const& asked) const
{
    return switched(asked, "experiment.stop", &experiment_store::stop);
}

answer experiment_api::switched(call const& asked, char const* action, switching how) const
{
    auto const& name = asked.path[0];
    auto const work = [&](database_connection& c) {
        (store_.*how)(c, name, asked.who.name);
        return audit_entry{action, "experiment", name, {}};
    };
    return parts_.change_once(asked, std::nullopt, work, stored(name));
}

void experiment_api::require_sample(stored_experiment const& x) const
{
    auto const size = sample_size_of(x.asks(), observed(x));
    if (!size.is_sufficient()) {
        throw problem{409,
                      "sample-too-small",
                      "The smallest variant has " + std::to_string(size.smallest) + " of " +
                          std::to_string(size.needed) +
                          " observations. To promote all the same: \"override\": true, with a reason.",
                      {{"needed", size.needed}, {"smallest", size.smallest}}};
    }
}

answer experiment_api::promote(call const& asked) const
{
    auto const& name = asked.path[0];
    auto const body = asked.body_as<promotion_body>();
    check_reason(body.reason);
    bool const override_sample = body.override_.value_or(false);
    if (override_sample && body.reason.value_or("").empty()) {
        throw decode_error{"/reason", "is required with override"};
    }
    require_movable(parts_, asked, std::string{production});
    auto const x = parts_.db.read([&](database_connection& c) { return store_.find(c, name); });
    auto const chosen = std::find_if(x.is.variants.begin(), x.is.variants.end(),
                                     [&](auto const& v) { return v.name == body.variant; });
    if (chosen == x.is.variants.end()) {
        throw problem{404, "variant-not-found", "The experiment has no such variant."};
    }
    // One that cannot be promoted at all says so first, below.
    if (!override_sample && !x.winner && x.status != "draft" && x.status != "cancelled") {
        require_sample(x);
    }
    auto const work = [&](database_connection& c) {
        if (!store_.declare_winner(c, name, chosen->name, asked.who.name)) {
            return std::optional<audit_entry>{};
        }
        auto const before = parts_.prompts.move_label(c, x.is.prompt, std::string{production},
                                                      chosen->version, asked.who.name);
        return std::optional{audit_entry{"experiment.promote",
                                         "experiment",
                                         name,
                                         {{"prompt", x.is.prompt},
                                          {"variant", chosen->name},
                                          {"from", before ? json::value(*before) : json::value(nullptr)},
                                          {"to", chosen->version},
                                          {"override", override_sample},
                                          {"reason", or_null(body.reason)}}}};
    };
    return parts_.change_once(asked, body.reason, work, stored(name));
}

} // namespace app
