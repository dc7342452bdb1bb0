// The four analyses of the execution log, as JSON. Each asks a few statements that see one state of the
// database.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analytics/analytics_period.hpp"
#include "database/database_connection.hpp"
#include "experiment/stored_experiment.hpp"

namespace app {

struct execution_choice
{
    std::optional<std::string> prompt{};
    std::optional<std::int64_t> version{};
    std::optional<std::string> environment{};
};

/// Holds no connection. Any thread. Throws database_error.
class analytics_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit analytics_store(std::string schema) : schema_{std::move(schema)} {}

    [[nodiscard]] boost::json::object prompts(database_connection& c, period const& of,
                                              execution_choice const& choice) const;
    [[nodiscard]] boost::json::object errors(database_connection& c, period const& of,
                                             std::optional<std::string> const& prompt) const;
    [[nodiscard]] boost::json::object guardrails(database_connection& c, period const& of,
                                                 std::optional<std::string> const& prompt) const;
    /// Of each experiment: itself and its series.
    [[nodiscard]] boost::json::array experiments(database_connection& c, period const& of,
                                                 std::vector<stored_experiment> const& which) const;

private:
    [[nodiscard]] boost::json::array series_of(database_connection& c, period const& of,
                                               stored_experiment const& x) const;
    [[nodiscard]] std::string log() const { return schema_ + ".prompt_executions"; }

    std::string schema_;
};

} // namespace app
