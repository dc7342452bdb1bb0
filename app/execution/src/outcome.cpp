#include "execution/outcome.hpp"

#include <utility>

namespace app {
namespace {

// The fields of a result, one after the other, until `f` says no.
template <typename F>
bool each_field(execution_result& known, execution_result const& reported, F const& f)
{
    return f(known.response, reported.response) && f(known.latency_ms, reported.latency_ms) &&
           f(known.input_tokens, reported.input_tokens) && f(known.output_tokens, reported.output_tokens) &&
           f(known.cost_micros, reported.cost_micros) && f(known.model, reported.model) &&
           f(known.error_type, reported.error_type) && f(known.error_message, reported.error_message) &&
           f(known.score, reported.score);
}

} // namespace

merging merge(execution_status& status, execution_result& known, outcome const& reported)
{
    bool const first = status == execution_status::rendered;
    bool const agrees = first || !reported.status || *reported.status == status;
    if (status == execution_status::blocked || !agrees ||
        (!first && !each_field(known, reported.result, [](auto const& before, auto const& now) {
            return !now || !before || *now == *before;
        }))) {
        return merging::conflict;
    }
    bool changed = false;
    if (reported.status && status != *reported.status) {
        status = *reported.status;
        changed = true;
    }
    each_field(known, reported.result, [&](auto& before, auto const& now) {
        if (now && before != now) {
            before = now;
            changed = true;
        }
        return true;
    });
    if (!known.cost_micros && reported.computed_cost_micros) {
        known.cost_micros = reported.computed_cost_micros;
        changed = true;
    }
    return changed ? merging::changed : merging::same;
}

} // namespace app
