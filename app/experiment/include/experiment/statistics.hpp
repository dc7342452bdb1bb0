// What can be said of a measured rate or mean, and of the difference of two. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace app {

struct bounds
{
    double low = 0;
    double high = 0;
};

/// `count` values, of which we know mean and sample variance (divided by count - 1).
struct sample
{
    std::int64_t count = 0;
    double mean = 0;
    double variance = 0;
};

/// `hits` of `count`.
struct proportion
{
    std::int64_t hits = 0;
    std::int64_t count = 0;
};

/// What two measurements say of each other: second less first.
struct comparison
{
    double difference = 0;
    std::optional<bounds> interval{};
    std::optional<double> p_value{}; ///< two-sided; nullopt where there is no spread to judge by
};

/// Wilson's score interval (1927), without continuity correction; nullopt for no values. `confidence` is
/// between 0 and 1, without the ends, here and below.
[[nodiscard]] std::optional<bounds> interval_of(proportion const& p, double confidence);
/// Student's t; nullopt for fewer than 2 values.
[[nodiscard]] std::optional<bounds> interval_of(sample const& s, double confidence);

/// The pooled two-proportion z-test, and Newcombe's interval of the difference (Statistics in Medicine 17,
/// 1998, method 10). nullopt where one has no values.
[[nodiscard]] std::optional<comparison> compare(proportion const& first, proportion const& second,
                                                double confidence);
/// Welch's t-test with the degrees of freedom of Welch and Satterthwaite. nullopt where one has fewer than 2
/// values.
[[nodiscard]] std::optional<comparison> compare(sample const& first, sample const& second, double confidence);

/// Both together (Chan, Golub and LeVeque 1979): exact also where the spread is small beside the mean.
[[nodiscard]] sample merged(sample const& a, sample const& b) noexcept;

} // namespace app
