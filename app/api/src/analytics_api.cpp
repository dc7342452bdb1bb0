#include "api/analytics_api.hpp"

#include <algorithm>
#include <chrono>

#include "analysis_limits.hpp"
#include "route/parameter.hpp"

namespace app {
namespace {

namespace json = boost::json;

unix_microseconds now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

period period_of(call const& asked)
{
    return app::period_of(asked.time("since"), asked.time("until"), asked.text("interval"), now());
}

// From the first start to the last end, where the request does not say.
period period_of(call const& asked, std::vector<stored_experiment> const& of)
{
    auto since = asked.time("since");
    auto until = asked.time("until");
    std::optional<unix_microseconds> first;
    std::optional<unix_microseconds> last = of.empty() ? std::nullopt : std::optional{unix_microseconds{0}};
    for (auto const& x : of) {
        auto const begin = x.started_at ? time_of(*x.started_at) : std::nullopt;
        first = begin ? std::min(first.value_or(*begin), *begin) : first;
        auto const end = x.ended_at ? time_of(*x.ended_at) : std::nullopt;
        last = end && last ? std::optional{std::max(*last, *end + 1)} : std::nullopt;
    }
    until = until ? until : last;
    if (!since && first && *first < until.value_or(now())) {
        since = first;
    }
    return app::period_of(since, until, asked.text("interval"), now());
}

} // namespace

answer analytics_api::prompts(call const& asked) const
{
    auto const of = period_of(asked);
    execution_choice const choice{asked.text("prompt"), asked.number("version"), asked.text("environment")};
    return json_answer(
        analysed(reading_, [&](database_connection& c) { return store_.prompts(c, of, choice); }));
}

answer analytics_api::errors(call const& asked) const
{
    auto const of = period_of(asked);
    return json_answer(analysed(
        reading_, [&](database_connection& c) { return store_.errors(c, of, asked.text("prompt")); }));
}

answer analytics_api::guardrails(call const& asked) const
{
    auto const of = period_of(asked);
    return json_answer(analysed(
        reading_, [&](database_connection& c) { return store_.guardrails(c, of, asked.text("prompt")); }));
}

answer analytics_api::experiments(call const& asked) const
{
    auto const name = asked.text("experiment");
    return json_answer(analysed(reading_, [&](database_connection& c) {
        std::vector<stored_experiment> which;
        if (name) {
            which.push_back(experiments_.find(c, *name));
        }
        else {
            experiment_filter filter;
            filter.status = "active";
            which = experiments_.list(c, filter);
        }
        auto const of = period_of(asked, which);
        auto out = of.shown();
        out["experiments"] = store_.experiments(c, of, which);
        return out;
    }));
}

} // namespace app
