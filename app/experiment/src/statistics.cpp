#include "experiment/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace app {
namespace {

// Of the two-sided interval: 1.96 for 0.95.
double normal_quantile(double confidence)
{
    return boost::math::quantile(boost::math::normal{}, 0.5 + confidence / 2);
}

double rate(proportion const& p)
{
    return static_cast<double>(p.hits) / static_cast<double>(p.count);
}

// Of the mean, squared.
double squared_error(sample const& s)
{
    return s.variance / static_cast<double>(s.count);
}

double hypotenuse_above(double a, double b)
{
    return std::sqrt(a * a + b * b);
}

} // namespace

std::optional<bounds> interval_of(proportion const& p, double confidence)
{
    if (p.count < 1) {
        return std::nullopt;
    }
    auto const n = static_cast<double>(p.count);
    auto const z = normal_quantile(confidence);
    auto const centre = (rate(p) + z * z / (2 * n)) / (1 + z * z / n);
    auto const half = z / (1 + z * z / n) * std::sqrt(rate(p) * (1 - rate(p)) / n + z * z / (4 * n * n));
    // At the ends it is exact, but for rounding.
    return bounds{p.hits == 0 ? 0 : std::max(0.0, centre - half),
                  p.hits == p.count ? 1 : std::min(1.0, centre + half)};
}

std::optional<bounds> interval_of(sample const& s, double confidence)
{
    if (s.count < 2) {
        return std::nullopt;
    }
    boost::math::students_t const t{static_cast<double>(s.count - 1)};
    auto const half = boost::math::quantile(t, 0.5 + confidence / 2) * std::sqrt(squared_error(s));
    return bounds{s.mean - half, s.mean + half};
}

std::optional<comparison> compare(proportion const& first, proportion const& second, double confidence)
{
    auto const a = interval_of(first, confidence);
    auto const b = interval_of(second, confidence);
    if (!a || !b) {
        return std::nullopt;
    }
    comparison out;
    auto const p = rate(first);
    auto const q = rate(second);
    out.difference = q - p;
    out.interval = bounds{out.difference - hypotenuse_above(q - b->low, a->high - p),
                          out.difference + hypotenuse_above(b->high - q, p - a->low)};
    auto const n = static_cast<double>(first.count);
    auto const m = static_cast<double>(second.count);
    auto const pooled = static_cast<double>(first.hits + second.hits) / (n + m);
    auto const error = std::sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    if (error > 0) {
        boost::math::normal const normal;
        out.p_value = 2 * boost::math::cdf(boost::math::complement(normal, std::abs(out.difference) / error));
    }
    return out;
}

std::optional<comparison> compare(sample const& first, sample const& second, double confidence)
{
    if (first.count < 2 || second.count < 2) {
        return std::nullopt;
    }
    comparison out;
    out.difference = second.mean - first.mean;
    auto const a = squared_error(first);
    auto const b = squared_error(second);
    if (!(a + b > 0) || !std::isfinite(a + b)) {
        return out;
    }
    auto const degrees =
        (a + b) * (a + b) /
        (a * a / static_cast<double>(first.count - 1) + b * b / static_cast<double>(second.count - 1));
    if (!std::isfinite(degrees)) { // the squares are beyond what a double holds
        return out;
    }
    boost::math::students_t const t{degrees};
    auto const error = std::sqrt(a + b);
    auto const half = boost::math::quantile(t, 0.5 + confidence / 2) * error;
    out.interval = bounds{out.difference - half, out.difference + half};
    out.p_value = 2 * boost::math::cdf(boost::math::complement(t, std::abs(out.difference) / error));
    return out;
}

sample merged(sample const& a, sample const& b) noexcept
{
    if (a.count == 0 || b.count == 0) {
        return a.count == 0 ? b : a;
    }
    auto const n = static_cast<double>(a.count);
    auto const m = static_cast<double>(b.count);
    auto const apart = b.mean - a.mean;
    auto const squares = a.variance * (n - 1) + b.variance * (m - 1) + apart * apart * n * m / (n + m);
    return {a.count + b.count, a.mean + apart * m / (n + m), squares / (n + m - 1)};
}

} // namespace app
