// What an experiment says so far. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/experiment.hpp"
#include "experiment/statistics.hpp"

namespace app {

/// What an experiment is decided by.
struct metric
{
    char const* name;
    char const* values; ///< SQL: the number of an execution, or null
    bool is_rate;       ///< a share of those that have a number; else their mean
    bool higher_is_better;
    char const* unit; ///< of `observations`: "outcomes"
};

/// nullptr for a word that is none of ours: an earlier client's.
[[nodiscard]] metric const* metric_named(std::string_view name) noexcept;
/// "success_rate, score, …", for an error.
[[nodiscard]] std::string metric_names();

/// What was counted of a variant. Of a rate the mean is the share of those with the number 1.
struct observations
{
    std::string variant;
    std::int64_t executions = 0;
    std::int64_t blocked = 0;
    sample values{};

    [[nodiscard]] proportion as_proportion() const noexcept;
};

/// What is judged.
struct question
{
    std::vector<variant> variants;
    metric const* by = nullptr; ///< nullptr: not known
    std::string metric_name;
    std::int64_t minimum_sample_size = 0; ///< that each variant with a weight needs
    double confidence_level = 0.95;
};

/// The variant that the others are compared with: the one named control, else the first. `variants` is not
/// empty.
[[nodiscard]] variant const& control_of(std::vector<variant> const& variants) noexcept;

/// The fewest observations that a variant with a weight has.
struct sample_size
{
    std::int64_t needed = 0;
    std::int64_t smallest = 0;
    std::string variant{};
    [[nodiscard]] bool is_sufficient() const noexcept { return smallest >= needed; }
};
[[nodiscard]] sample_size sample_size_of(question const& q, std::vector<observations> const& seen);

/// `results` of GET /v1/experiments/{name}. Observations of variants that it does not have are left out.
[[nodiscard]] boost::json::object results_of(question const& q, std::vector<observations> const& seen);

/// Of a mean or a rate, as its metric wants it; null where it cannot be said.
[[nodiscard]] boost::json::value interval_json(metric const& by, observations const& of, double confidence);

} // namespace app
