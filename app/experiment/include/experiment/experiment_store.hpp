// Experiments in the database. Each function is a part of the caller's transaction; what changes one holds
// the prompt's row first, since that is the order of locks of the whole schema.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database_connection.hpp"
#include "experiment/stored_experiment.hpp"

namespace app {

struct experiment_filter
{
    std::optional<std::string> prompt;
    std::optional<std::string> status;
    std::optional<std::string> name;
    std::optional<std::string> before; ///< the name at which the page before ended
    std::int64_t limit = 50;
};

class experiment_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit experiment_store(std::string schema) : schema_{std::move(schema)} {}

    /// Newest first.
    [[nodiscard]] std::vector<stored_experiment> list(database_connection& c,
                                                      experiment_filter const& filter) const;
    /// 404 `experiment-not-found`.
    [[nodiscard]] stored_experiment find(database_connection& c, std::string const& name) const;

    /// 409 `experiment-exists`, 404 `prompt-not-found` or `version-not-found`. `actor` is recorded.
    void create(database_connection& c, stored_experiment const& x, std::string const& actor) const;
    /// Another status: `active` or `completed`. 404, 409 `experiment-state`, `experiment-active` or
    /// `prompt-archived`, 422 `weights` where an earlier client's variants could not be understood.
    void start(database_connection& c, std::string const& name, std::string const& actor) const;
    void stop(database_connection& c, std::string const& name, std::string const& actor) const;
    /// Ends it with this winner; false where that was declared before. 404, 409 `experiment-state` or
    /// `experiment-promoted`.
    [[nodiscard]] bool declare_winner(database_connection& c, std::string const& name,
                                      std::string const& variant, std::string const& actor) const;

    /// What was counted of each variant, of all months since it was started.
    [[nodiscard]] std::vector<observations> observed(database_connection& c,
                                                     stored_experiment const& x) const;

private:
    [[nodiscard]] std::string table() const { return schema_ + ".ab_test_experiments"; }
    /// Its row and its prompt's, held.
    [[nodiscard]] stored_experiment hold(database_connection& c, std::string const& name) const;
    [[nodiscard]] bool is_archived(database_connection& c, std::string const& prompt) const;

    std::string schema_;
};

} // namespace app
