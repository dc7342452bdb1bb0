// Who gets which variant.
#include <cmath>
#include <map>

#include "catch.hpp"
#include "experiment/assignment.hpp"

namespace {

app::experiment const test{"0190a000-0000-7000-8000-000000000001",
                           "e",
                           "p",
                           {{"control", 1, 50}, {"a", 2, 30}, {"b", 3, 20}, {"none", 4, 0}}};

} // namespace

TEST_CASE("a user keeps the variant", "[experiment]")
{
    for (int i = 0; i < 100; ++i) {
        auto const user = "user-" + std::to_string(i);
        CHECK(app::assign(test, user) == app::assign(test, user));
    }
    // SHA-256("0190a000-0000-7000-8000-000000000001:user-1") begins with the number whose remainder is
    // tested.
    CHECK(app::variant_at(test, 0)->name == "control");
    CHECK(app::variant_at(test, 4'999)->name == "control");
    CHECK(app::variant_at(test, 5'000)->name == "a");
    CHECK(app::variant_at(test, 7'999)->name == "a");
    CHECK(app::variant_at(test, 8'000)->name == "b");
    CHECK(app::variant_at(test, 9'999)->name == "b");
}

TEST_CASE("10,000 users get the weights, and two experiments are independent", "[experiment]")
{
    auto other = test;
    other.id = "0190a000-0000-7000-8000-000000000002";
    std::map<std::string, int> counts;
    std::map<std::pair<std::string, std::string>, int> pairs;
    for (int i = 0; i < 10'000; ++i) {
        auto const user = "user-" + std::to_string(i);
        auto const first = app::assign(test, user)->name;
        ++counts[first];
        ++pairs[{first, app::assign(other, user)->name}];
    }
    // Chi-squared with 2 and 4 degrees of freedom: 13.8 and 18.5 are exceeded once in 1,000 times; the users
    // are fixed.
    auto const part = [](double seen, double expected) {
        return (seen - expected) * (seen - expected) / expected;
    };
    CHECK(part(counts["control"], 5'000) + part(counts["a"], 3'000) + part(counts["b"], 2'000) < 13.8);
    CHECK(counts["none"] == 0);
    double chi = 0;
    std::map<std::string, double> const weights{{"control", 0.5}, {"a", 0.3}, {"b", 0.2}};
    for (auto const& [x, wx] : weights) {
        for (auto const& [y, wy] : weights) {
            chi += part(pairs[std::pair{x, y}], 10'000 * wx * wy);
        }
    }
    CHECK(chi < 26.1); // 8 degrees of freedom
}

TEST_CASE("without a user the variant is random", "[experiment]")
{
    std::map<std::string, int> counts;
    for (int i = 0; i < 2'000; ++i) {
        ++counts[app::assign(test, "")->name];
    }
    CHECK(counts["control"] > 800);
    CHECK(counts["b"] > 200);
    CHECK(counts["none"] == 0);
}
