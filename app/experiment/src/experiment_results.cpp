#include "experiment/experiment_results.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdio>

namespace app {
namespace {

namespace json = boost::json;

constexpr std::array metrics{
    metric{"success_rate",
           "case when status in ('success', 'failure', 'partial') then (status = 'success')::integer end",
           true, true, "outcomes"},
    metric{"score", "score", false, true, "scores"},
    metric{"latency_ms", "execution_time_ms", false, false, "times"},
    metric{"cost_usd", "cost_usd", false, false, "costs"},
    metric{"tokens", "token_count", false, false, "token counts"},
};

// JSON has no number for what is not finite.
json::value number(double value)
{
    return std::isfinite(value) ? json::value(value) : json::value(nullptr);
}

json::value pair(std::optional<bounds> const& of)
{
    if (!of || !std::isfinite(of->low) || !std::isfinite(of->high)) {
        return nullptr;
    }
    return json::array{of->low, of->high};
}

observations const& seen_of(std::string const& variant, std::vector<observations> const& seen)
{
    static observations const none;
    auto const found =
        std::find_if(seen.begin(), seen.end(), [&](auto const& one) { return one.variant == variant; });
    return found == seen.end() ? none : *found;
}

std::optional<comparison> compared(question const& q, observations const& first, observations const& second)
{
    return q.by->is_rate ? compare(first.as_proportion(), second.as_proportion(), q.confidence_level)
                         : compare(first.values, second.values, q.confidence_level);
}

// A variant, and how it stands beside the control.
struct judged
{
    variant const* is;
    observations const* seen;
    std::optional<comparison> beside{}; // nullopt: it is the control, or nothing can be said
    [[nodiscard]] bool has_weight() const { return is->weight > 0; }
};

bool is_better(metric const& by, double a, double b)
{
    return by.higher_is_better ? a > b : a < b;
}

json::object shown(question const& q, judged const& one)
{
    auto const& seen = *one.seen;
    json::object out{{"name", one.is->name},     {"version", one.is->version},
                     {"weight", one.is->weight}, {"executions", seen.executions},
                     {"blocked", seen.blocked},  {"count", seen.values.count}};
    out["mean"] = seen.values.count == 0 ? json::value(nullptr) : number(seen.values.mean);
    bool const spreads = q.by != nullptr && !q.by->is_rate && seen.values.count > 1;
    out["standard_deviation"] = spreads ? number(std::sqrt(seen.values.variance)) : json::value(nullptr);
    out["interval"] = q.by == nullptr ? json::value(nullptr) : interval_json(*q.by, seen, q.confidence_level);
    out["difference"] = one.beside ? number(one.beside->difference) : json::value(nullptr);
    out["difference_interval"] = one.beside ? pair(one.beside->interval) : json::value(nullptr);
    out["p_value"] = one.beside && one.beside->p_value ? number(*one.beside->p_value) : json::value(nullptr);
    return out;
}

std::string amount(metric const& by, double difference)
{
    std::array<char, 64> text{};
    bool const is_rate = by.is_rate;
    std::snprintf(text.data(), text.size(), is_rate ? "%.1f points" : "%.4g", // percentage points
                  std::abs(difference) * (is_rate ? 100 : 1));
    return text.data();
}

// The best of those that have been measured.
judged const* leader_of(question const& q, std::vector<judged> const& all)
{
    judged const* best = nullptr;
    for (auto const& one : all) {
        if (one.has_weight() && one.seen->values.count > 0 &&
            (best == nullptr || is_better(*q.by, one.seen->values.mean, best->seen->values.mean))) {
            best = &one;
        }
    }
    return best;
}

bool is_significant(judged const& one, double alpha)
{
    return one.beside && one.beside->p_value && *one.beside->p_value < alpha;
}

// The leader, if it is better than the control beyond doubt; the control, if all others are worse beyond it.
judged const* winner_of(std::vector<judged> const& all, judged const& leader, judged const& control,
                        double alpha)
{
    if (leader.is != control.is) {
        return is_significant(leader, alpha) ? &leader : nullptr;
    }
    for (auto const& one : all) {
        if (one.is != control.is && one.has_weight() && !is_significant(one, alpha)) {
            return nullptr;
        }
    }
    return &control;
}

std::string lead_of(question const& q, std::vector<judged> const& all, judged const& leader,
                    judged const& control)
{
    judged const* second = leader.is == control.is ? nullptr : &control;
    for (auto const& one : all) { // the control leads before the best of the others
        bool const other =
            leader.is == control.is && one.is != control.is && one.has_weight() && one.seen->values.count > 0;
        if (other &&
            (second == nullptr || is_better(*q.by, one.seen->values.mean, second->seen->values.mean))) {
            second = &one;
        }
    }
    if (second == nullptr || second->seen->values.count == 0) {
        return "only " + leader.is->name + " has been measured so far";
    }
    auto const difference = leader.seen->values.mean - second->seen->values.mean;
    if (difference == 0) {
        return "there is no difference so far";
    }
    return leader.is->name + " is " + (q.by->higher_is_better ? "ahead of " : "below ") + second->is->name +
           " by " + amount(*q.by, difference);
}

json::object verdict_of(question const& q, std::vector<judged> const& all, sample_size const& size)
{
    auto const others =
        std::count_if(all.begin(), all.end(), [](auto const& one) { return one.has_weight(); }) - 1;
    auto const say = [&](char const* state, std::string sentence) {
        return json::object{{"state", state},
                            {"winner", nullptr},
                            {"leader", nullptr},
                            {"alpha", others > 0 ? (1 - q.confidence_level) / static_cast<double>(others)
                                                 : 1 - q.confidence_level},
                            {"sentence", std::move(sentence)}};
    };
    if (q.by == nullptr) {
        return say("not-comparable", "The metric \"" + q.metric_name + "\" is not known here.");
    }
    if (others < 1) {
        return say("not-comparable", "There is only one variant with a weight: nothing to compare it with.");
    }
    auto const& name = control_of(q.variants).name;
    auto const& control =
        *std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.is->name == name; });
    auto const* const leader = leader_of(q, all);
    if (leader == nullptr) {
        return say("collecting", "Nothing has been measured so far.");
    }
    auto const lead = lead_of(q, all, *leader, control);
    auto out = say("collecting", lead + "; with " + std::to_string(size.smallest) + " of " +
                                     std::to_string(size.needed) + ' ' + q.by->unit + " in " + size.variant +
                                     " nothing is sure yet.");
    out["leader"] = leader->is->name;
    if (!size.is_sufficient()) {
        return out;
    }
    // Bonferroni: of several comparisons, one is bound to look good by chance sooner.
    auto const* const winner =
        winner_of(all, *leader, control, (1 - q.confidence_level) / static_cast<double>(others));
    out["state"] = winner == nullptr ? "no-difference" : "winner";
    out["sentence"] = winner == nullptr
                          ? lead + ", which may be chance: no variant is better beyond doubt."
                          : lead + ", which chance does not explain: " + winner->is->name + " wins.";
    out["winner"] = winner == nullptr ? json::value(nullptr) : json::value(winner->is->name);
    return out;
}

} // namespace

metric const* metric_named(std::string_view name) noexcept
{
    auto const* const found =
        std::find_if(metrics.begin(), metrics.end(), [&](auto const& one) { return one.name == name; });
    return found == metrics.end() ? nullptr : found;
}

std::string metric_names()
{
    std::string out;
    for (auto const& one : metrics) {
        out.append(out.empty() ? "" : ", ").append(one.name);
    }
    return out;
}

proportion observations::as_proportion() const noexcept
{
    return {std::llround(values.mean * static_cast<double>(values.count)), values.count};
}

variant const& control_of(std::vector<variant> const& variants) noexcept
{
    auto const found =
        std::find_if(variants.begin(), variants.end(), [](auto const& one) { return one.name == "control"; });
    return found == variants.end() ? variants.front() : *found;
}

sample_size sample_size_of(question const& q, std::vector<observations> const& seen)
{
    sample_size out{q.minimum_sample_size};
    for (auto const& one : q.variants) {
        auto const count = seen_of(one.name, seen).values.count;
        if (one.weight > 0 && (out.variant.empty() || count < out.smallest)) {
            out.smallest = count;
            out.variant = one.name;
        }
    }
    return out;
}

json::value interval_json(metric const& by, observations const& of, double confidence)
{
    return pair(by.is_rate ? interval_of(of.as_proportion(), confidence)
                           : interval_of(of.values, confidence));
}

json::object results_of(question const& q, std::vector<observations> const& seen)
{
    std::vector<judged> all;
    json::array variants;
    for (auto const& one : q.variants) {
        judged made{&one, &seen_of(one.name, seen)};
        auto const& control = control_of(q.variants);
        if (q.by != nullptr && &control != &one) {
            made.beside = compared(q, seen_of(control.name, seen), *made.seen);
        }
        variants.push_back(shown(q, made));
        all.push_back(std::move(made));
    }
    auto const size = sample_size_of(q, seen);
    auto const text = [](char const* word) { return json::value(word); };
    return {{"metric", q.metric_name},
            {"kind", q.by == nullptr ? json::value(nullptr) : text(q.by->is_rate ? "rate" : "mean")},
            {"better",
             q.by == nullptr ? json::value(nullptr) : text(q.by->higher_is_better ? "higher" : "lower")},
            {"control", q.variants.empty() ? json::value(nullptr) : json::value(control_of(q.variants).name)},
            {"confidence_level", q.confidence_level},
            {"variants", std::move(variants)},
            {"sample", json::object{{"needed", size.needed},
                                    {"smallest", size.smallest},
                                    {"variant",
                                     size.variant.empty() ? json::value(nullptr) : json::value(size.variant)},
                                    {"sufficient", !size.variant.empty() && size.is_sufficient()}}},
            {"verdict", verdict_of(q, all, size)}};
}

} // namespace app
