// An experiment in the database, running or not, and what a client sends to make one.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/experiment_results.hpp"

namespace app {

struct stored_experiment
{
    experiment is;      ///< without variants where an earlier client's could not be understood
    std::string status; ///< draft, active, paused, completed or cancelled
    std::optional<std::string> description{};
    std::string metric_name;
    std::int64_t minimum_sample_size = 1'000;
    double confidence_level = 0.95;
    std::int64_t executions = 0;
    std::string created_at;
    std::optional<std::string> created_by{};
    std::string updated_at;
    std::optional<std::string> started_at{};
    std::optional<std::string> ended_at{};
    std::optional<std::string> winner{};
    std::optional<std::string> winner_declared_at{};
    std::optional<std::string> winner_declared_by{};

    [[nodiscard]] question asks() const;
};

[[nodiscard]] boost::json::object to_json(stored_experiment const& x);

struct variant_body
{
    std::string name;
    std::int64_t version = 0;
    double weight = 0; ///< so that 33.5 is told why it is refused
};
BOOST_DESCRIBE_STRUCT(variant_body, (), (name, version, weight))

/// POST /v1/experiments.
struct experiment_body
{
    std::string name;
    std::string prompt;
    std::vector<variant_body> variants;
    std::optional<std::string> metric;
    std::optional<std::int64_t> minimum_sample_size;
    std::optional<double> confidence_level;
    std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(experiment_body, (),
                      (name, prompt, variants, metric, minimum_sample_size, confidence_level, description))

/// Throws decode_error for a wrong shape, problem 422 `weights` for weights that are not whole numbers or do
/// not sum to 100.
[[nodiscard]] stored_experiment experiment_of(experiment_body body);

} // namespace app
