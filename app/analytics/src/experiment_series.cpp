// The curve of an experiment: bucket by bucket, and all up to it.
#include <boost/json/array.hpp>
#include <map>

#include "analytics/analytics_store.hpp"
#include "analytics/execution_numbers.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::value mean_of(sample const& s)
{
    return s.count == 0 ? json::value(nullptr) : json::value(s.mean);
}

} // namespace

json::array analytics_store::series_of(database_connection& c, period const& of,
                                       stored_experiment const& x) const
{
    auto const asks = x.asks();
    std::string const value =
        asks.by == nullptr ? "null::float8" : std::string{'('} + asks.by->values + ")::float8";
    auto const at = R"(, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
    std::map<std::string, std::map<std::string, observations>> known; // by bucket and variant
    for (auto const& row :
         c.ask("select to_char(date_trunc($3::text, executed_at at time zone 'UTC')" + std::string{at} +
                   ", ab_test_group, count(*), count(" + value + "), coalesce(avg(" + value +
                   "), 0), coalesce(var_samp(" + value + "), 0) from " + log() +
                   " where template_name = $5 and experiment_id = $4::uuid and executed_at >= "
                   "$1::timestamptz and executed_at < $2::timestamptz and ab_test_group is not null group by "
                   "1, 2",
               {to_sql_time(of.since), to_sql_time(of.until), std::string{of.interval}, x.is.id,
                x.is.prompt})) {
        known[text_in(row[0])][text_in(row[1])] = {
            text_in(row[1]),
            integer_in(row[2]),
            0,
            {integer_in(row[3]), number_in(row[4]), number_in(row[5])}};
    }
    std::map<std::string, observations> so_far;
    json::array series;
    for (auto const& row :
         c.ask("select to_char(s.at" + std::string{at} +
                   " from generate_series(date_trunc($3::text, $1::timestamptz at time zone 'UTC'), "
                   "$2::timestamptz at time zone 'UTC' - interval '1 microsecond', ('1 ' || "
                   "$3::text)::interval) s (at) order by s.at",
               {to_sql_time(of.since), to_sql_time(of.until), std::string{of.interval}})) {
        json::array variants;
        for (auto const& v : x.is.variants) {
            auto const& here = known[text_in(row[0])][v.name];
            auto& all = so_far[v.name];
            all.values = merged(all.values, here.values);
            auto const interval = [&](observations const& o) {
                return asks.by == nullptr ? json::value(nullptr)
                                          : interval_json(*asks.by, o, asks.confidence_level);
            };
            variants.push_back(json::object{{"name", v.name},
                                            {"executions", here.executions},
                                            {"count", here.values.count},
                                            {"mean", mean_of(here.values)},
                                            {"interval", interval(here)},
                                            {"cumulative", json::object{{"count", all.values.count},
                                                                        {"mean", mean_of(all.values)},
                                                                        {"interval", interval(all)}}}});
        }
        series.push_back(json::object{{"at", text_in(row[0])}, {"variants", std::move(variants)}});
    }
    return series;
}

json::array analytics_store::experiments(database_connection& c, period const& of,
                                         std::vector<stored_experiment> const& which) const
{
    json::array out;
    for (auto const& x : which) {
        auto const whole = to_json(x);
        auto const* const by = x.asks().by;
        json::object one;
        for (char const* field : {"name", "prompt", "status", "metric", "minimum_sample_size",
                                  "confidence_level", "executions", "variants"}) {
            one[field] = whole.at(field);
        }
        auto const word = [&](char const* yes, char const* no, bool is) {
            return by == nullptr ? json::value(nullptr) : json::value(is ? yes : no);
        };
        one["kind"] = word("rate", "mean", by != nullptr && by->is_rate);
        one["better"] = word("higher", "lower", by != nullptr && by->higher_is_better);
        one["sample_status"] =
            x.executions >= x.minimum_sample_size ? "sufficient" : "collecting"; // as the view
        one["series"] = series_of(c, of, x);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace app
