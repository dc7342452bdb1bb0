// Who has won, and when nobody says so.
#include <boost/json/value_to.hpp>
#include <cmath>

#include "catch.hpp"
#include "experiment/experiment_results.hpp"

namespace json = boost::json;

namespace {

app::question question(char const* metric, std::int64_t needed = 100)
{
    return {{{"a", 2, 50}, {"control", 1, 50}}, app::metric_named(metric), metric, needed, 0.95};
}

app::observations rate(char const* variant, std::int64_t hits, std::int64_t count)
{
    return {variant, count + 10, 3, {count, static_cast<double>(hits) / static_cast<double>(count), 0.2}};
}

std::string text(json::object const& of, char const* pointer)
{
    json::value const found = json::value(of).at_pointer(pointer);
    return found.is_null() ? "null" : json::value_to<std::string>(found);
}

double number(json::object const& of, char const* pointer)
{
    return json::value(of).at_pointer(pointer).to_number<double>();
}

} // namespace

TEST_CASE("there is no verdict before the minimum sample size, whatever p is", "[results]")
{
    auto const few = app::results_of(question("success_rate"), {rate("control", 10, 99), rate("a", 90, 100)});
    CHECK(text(few, "/verdict/state") == "collecting");
    CHECK(text(few, "/verdict/winner") == "null");
    CHECK(text(few, "/verdict/leader") == "a");
    CHECK(number(few, "/variants/0/p_value") < 0.001);
    CHECK(json::value(few).at_pointer("/sample") ==
          json::object{{"needed", 100}, {"smallest", 99}, {"variant", "control"}, {"sufficient", false}});
    auto const enough =
        app::results_of(question("success_rate"), {rate("control", 10, 100), rate("a", 90, 100)});
    CHECK(text(enough, "/verdict/state") == "winner");
    CHECK(text(enough, "/verdict/winner") == "a");
    CHECK(text(enough, "/control") == "control");
    CHECK(json::value(enough).at_pointer("/variants/1/p_value").is_null());
    CHECK(std::abs(number(enough, "/variants/0/difference") - 0.8) < 1e-12);
    CHECK(text(enough, "/verdict/sentence") ==
          "a is ahead of control by 80.0 points, which chance does not explain: a wins.");
}

TEST_CASE("what may be chance is said to be", "[results]")
{
    auto const r = app::results_of(question("success_rate"), {rate("control", 50, 100), rate("a", 55, 100)});
    CHECK(text(r, "/verdict/state") == "no-difference");
    CHECK(text(r, "/verdict/leader") == "a");
    auto const same =
        app::results_of(question("success_rate"), {rate("control", 50, 100), rate("a", 50, 100)});
    CHECK(text(same, "/verdict/sentence").starts_with("there is no difference so far"));
}

TEST_CASE("the control wins when all others are worse, and less may be better", "[results]")
{
    auto const r = app::results_of(question("success_rate"), {rate("control", 90, 100), rate("a", 10, 100)});
    CHECK(text(r, "/verdict/winner") == "control");
    auto const fast = app::results_of(question("latency_ms"),
                                      {{"control", 200, 0, {150, 900, 100}}, {"a", 200, 0, {150, 700, 400}}});
    CHECK(text(fast, "/verdict/winner") == "a");
    CHECK(text(fast, "/better") == "lower");
    CHECK(text(fast, "/kind") == "mean");
    CHECK(number(fast, "/variants/0/standard_deviation") == 20);
    CHECK(text(fast, "/verdict/sentence").starts_with("a is below control by 200,"));
}

TEST_CASE("with three variants one comparison has to be twice as sure", "[results]")
{
    app::question q{{{"control", 1, 40}, {"a", 2, 30}, {"b", 3, 30}, {"idle", 4, 0}},
                    app::metric_named("success_rate"),
                    "success_rate",
                    100,
                    0.95};
    // p of control against a is 0.047: enough alone, not beside b. idle gets nobody, and holds up nothing.
    std::vector<app::observations> const seen{rate("control", 305, 500), rate("a", 322, 480),
                                              rate("b", 300, 500)};
    auto const r = app::results_of(q, seen);
    CHECK(number(r, "/verdict/alpha") == (1 - 0.95) / 2);
    CHECK(text(r, "/verdict/state") == "no-difference");
    q.variants = {{"control", 1, 50}, {"a", 2, 50}};
    CHECK(text(app::results_of(q, seen), "/verdict/winner") == "a");
}

TEST_CASE("nothing, one variant and a foreign metric are no verdict and no fault", "[results]")
{
    auto const nothing = app::results_of(question("score"), {});
    CHECK(text(nothing, "/verdict/state") == "collecting");
    CHECK(json::value(nothing).at_pointer("/variants/0/mean").is_null());
    CHECK(json::value(nothing).at_pointer("/variants/0/interval").is_null());
    app::question one{{{"a", 1, 100}, {"b", 1, 0}}, app::metric_named("score"), "score", 5, 0.95};
    CHECK(text(app::results_of(one, {{"a", 9, 0, {9, 1, 1}}}), "/verdict/state") == "not-comparable");
    CHECK(text(app::results_of(question("feelings"), {{"a", 9, 0, {0, 0, 0}}}), "/verdict/state") ==
          "not-comparable");
    app::question empty{{}, app::metric_named("score"), "score", 5, 0.95};
    CHECK(text(app::results_of(empty, {}), "/verdict/state") == "not-comparable");
    // No spread, no p, no winner.
    auto const flat =
        app::results_of(question("score", 2), {{"control", 5, 0, {5, 1, 0}}, {"a", 5, 0, {5, 2, 0}}});
    CHECK(text(flat, "/verdict/state") == "no-difference");
    CHECK(json::value(flat).at_pointer("/variants/0/p_value").is_null());
}
