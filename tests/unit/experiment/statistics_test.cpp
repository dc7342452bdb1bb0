// Against published values: Newcombe, Statistics in Medicine 17 (1998), pages 857-890; the examples of
// Welch's test that text books use; and Python's own normal distribution.
#include <array>
#include <cmath>
#include <numeric>

#include "catch.hpp"
#include "experiment/statistics.hpp"

using app::bounds;
using app::compare;
using app::interval_of;
using app::proportion;
using app::sample;

namespace {

sample sample_of(std::vector<double> const& values)
{
    auto const n = static_cast<double>(values.size());
    auto const mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (auto const v : values) {
        squares += (v - mean) * (v - mean);
    }
    return {static_cast<std::int64_t>(values.size()), mean, values.size() < 2 ? 0 : squares / (n - 1)};
}

bool close(double a, double b, double by)
{
    return std::abs(a - b) <= by;
}

void check(std::optional<bounds> const& is, double low, double high, double by = 0.00005)
{
    REQUIRE(is);
    INFO(is->low << " to " << is->high);
    CHECK(close(is->low, low, by));
    CHECK(close(is->high, high, by));
}

std::vector<double> const few{17.2, 20.9, 22.6, 18.1, 21.7, 21.4, 23.5, 24.2, 14.7, 21.8};
std::vector<double> const many{21.5, 22.8, 21.0, 23.0, 21.6, 23.6, 22.5, 20.7, 23.4, 21.8,
                               20.7, 21.7, 21.5, 22.5, 23.6, 21.5, 22.5, 23.5, 21.5, 21.8};

} // namespace

TEST_CASE("a rate has Wilson's interval", "[statistics]")
{
    check(interval_of(proportion{81, 263}, 0.95), 0.2553, 0.3662);
    check(interval_of(proportion{15, 148}, 0.95), 0.0624, 0.1605);
    check(interval_of(proportion{0, 20}, 0.95), 0.0000, 0.1611);
    check(interval_of(proportion{1, 29}, 0.95), 0.0061, 0.1718);
    check(interval_of(proportion{20, 20}, 0.95), 1 - 0.1611, 1.0000);
    CHECK_FALSE(interval_of(proportion{0, 0}, 0.95));
}

TEST_CASE("the difference of two rates has Newcombe's interval and the z-test's p", "[statistics]")
{
    check(compare(proportion{48, 80}, proportion{56, 70}, 0.95)->interval, 0.0524, 0.3339);
    check(compare(proportion{3, 10}, proportion{9, 10}, 0.95)->interval, 0.1705, 0.8090);
    check(compare(proportion{0, 10}, proportion{10, 10}, 0.95)->interval, 0.6075, 1.0000);
    auto const first = compare(proportion{48, 80}, proportion{56, 70}, 0.95);
    CHECK(close(first->difference, 0.2, 1e-12));
    CHECK(close(*first->p_value, 0.008045081368196705, 1e-12)); // z = 2.650172
    CHECK(close(*compare(proportion{305, 500}, proportion{322, 480}, 0.95)->p_value, 0.047359047483682026,
                1e-12));
    // Both ways around the same, and without a difference certain to be chance.
    CHECK(close(*compare(proportion{56, 70}, proportion{48, 80}, 0.95)->p_value, *first->p_value, 1e-12));
    CHECK(*compare(proportion{5, 10}, proportion{50, 100}, 0.95)->p_value == 1);
    // No spread, no p.
    CHECK_FALSE(compare(proportion{10, 10}, proportion{10, 10}, 0.95)->p_value);
    CHECK_FALSE(compare(proportion{0, 0}, proportion{1, 10}, 0.95));
}

TEST_CASE("a mean has Student's interval", "[statistics]")
{
    // 20.61 and 2.262157 (t of 9 degrees, 0.975) times the root of 9.041 / 10.
    check(interval_of(sample_of(few), 0.95), 20.61 - 2.150959, 20.61 + 2.150959, 0.0001);
    CHECK_FALSE(interval_of(sample{1, 5, 0}, 0.95));
    check(interval_of(sample{3, 5, 0}, 0.95), 5, 5);
}

TEST_CASE("the difference of two means has Welch's p", "[statistics]")
{
    // t = 1.5654, 9.9047 degrees.
    auto const a = compare(sample_of(few), sample_of(many), 0.95);
    REQUIRE(a);
    CHECK(close(a->difference, 1.525, 1e-9));
    CHECK(close(*a->p_value, 0.14884169660532554, 1e-9));
    CHECK(a->interval->low < 0);
    CHECK(a->interval->high > 2 * 1.525);
    // t = 2.8847, 27.9084 degrees.
    auto const b = compare(
        sample_of({27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4}),
        sample_of({27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 25.0}),
        0.95);
    CHECK(close(*b->p_value, 0.0074701905652566625, 1e-9));
    CHECK_FALSE(compare(sample{1, 5, 0}, sample_of(few), 0.95));
    auto const same = compare(sample{5, 5, 0}, sample{5, 5, 0}, 0.95);
    CHECK(same->difference == 0);
    CHECK_FALSE(same->p_value);
}

TEST_CASE("two samples together are one of all values, also far from zero", "[statistics]")
{
    for (double const offset : {0.0, 1e9}) {
        std::vector<double> all;
        sample parts;
        for (auto const& part : {few, many, std::vector<double>{}, std::vector<double>{3}}) {
            std::vector<double> moved;
            for (auto const v : part) {
                moved.push_back(v + offset);
            }
            all.insert(all.end(), moved.begin(), moved.end());
            if (!moved.empty()) {
                parts = merged(parts, sample_of(moved));
            }
        }
        auto const whole = sample_of(all);
        CHECK(parts.count == whole.count);
        CHECK(close(parts.mean, whole.mean, 1e-6));
        CHECK(close(parts.variance, whole.variance, 1e-5));
    }
}
