#include "execution/outcome.hpp"

#include "catch.hpp"

using namespace app;

namespace {

outcome success(std::string response = "yes")
{
    outcome o;
    o.status = execution_status::success;
    o.result.response = std::move(response);
    o.result.latency_ms = 120;
    o.result.cost_micros = 225;
    o.result.score = 0.5;
    return o;
}

struct known
{
    execution_status status = execution_status::rendered;
    execution_result result;
    merging operator+=(outcome const& o) { return merge(status, result, o); }
};

} // namespace

TEST_CASE("the first outcome is taken, the same one again is fine, another one is a conflict", "[outcome]")
{
    known k;
    k.result.model = "the prompt's";
    auto o = success();
    o.result.model = "the caller's";
    CHECK((k += o) == merging::changed);
    CHECK(k.status == execution_status::success);
    CHECK(k.result.response == "yes");
    CHECK(k.result.model == "the caller's");
    CHECK((k += o) == merging::same);
    auto const before = k;
    for (auto const change :
         {+[](outcome& x) { x.status = execution_status::failure; },
          +[](outcome& x) { x.result.response = "no"; }, +[](outcome& x) { x.result.latency_ms = 121; },
          +[](outcome& x) { x.result.cost_micros = 226; }, +[](outcome& x) { x.result.score = 0.6; },
          +[](outcome& x) { x.result.model = "third"; }}) {
        auto other = success();
        change(other);
        CHECK((k += other) == merging::conflict);
        CHECK(k.status == before.status);
        CHECK(k.result == before.result);
    }
}

TEST_CASE("a later report adds what was not said, and changes nothing if a part of it contradicts",
          "[outcome]")
{
    known k;
    k += success();
    outcome more;
    more.result.input_tokens = 10;
    CHECK((k += more) == merging::changed);
    CHECK(k.result.input_tokens == 10);
    more.result.output_tokens = 5;
    more.result.score = 0.9;
    CHECK((k += more) == merging::conflict);
    CHECK(k.result.output_tokens == std::nullopt);
}

TEST_CASE("what was blocked has no outcome", "[outcome]")
{
    known k{execution_status::blocked, {}};
    CHECK((k += success()) == merging::conflict);
    CHECK((k += outcome{}) == merging::conflict);
}

TEST_CASE("a cost that was worked out is taken where none was given, and contradicts nothing", "[outcome]")
{
    known k;
    outcome o;
    o.status = execution_status::success;
    o.computed_cost_micros = 100;
    CHECK((k += o) == merging::changed);
    CHECK(k.result.cost_micros == 100);
    o.computed_cost_micros = 200; // the price has changed meanwhile
    CHECK((k += o) == merging::same);
    CHECK(k.result.cost_micros == 100);
    o.result.cost_micros = 300;
    CHECK((k += o) == merging::conflict);
}

TEST_CASE("names of states", "[outcome]")
{
    for (auto const status :
         {execution_status::rendered, execution_status::blocked, execution_status::success,
          execution_status::failure, execution_status::partial}) {
        CHECK(execution_status_named(name(status)) == status);
    }
    CHECK(execution_status_named("Success") == std::nullopt);
    CHECK(execution_status_named("") == std::nullopt);
}
