// /v1/experiments.
#pragma once

#include "api/parts.hpp"
#include "experiment/experiment_store.hpp"

namespace app {

/// Any thread; all block on the database.
class experiment_api
{
public:
    /// `for_reading`: the connections of analyses.
    experiment_api(parts const& with, database& for_reading)
        : parts_{with}, reading_{for_reading}, store_{for_reading.schema()}
    {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer create(call const& asked) const;
    /// With its results.
    [[nodiscard]] answer find(call const& asked) const;
    [[nodiscard]] answer start(call const& asked) const;
    [[nodiscard]] answer stop(call const& asked) const;
    /// Moves production to the version of a variant.
    [[nodiscard]] answer promote(call const& asked) const;

private:
    using switching = void (experiment_store::*)(database_connection&, std::string const&,
                                                 std::string const&) const;

    [[nodiscard]] answer switched(call const& asked, char const* action, switching how) const;
    [[nodiscard]] std::function<answer(database_connection&)> stored(std::string const& name,
                                                                     int status = 200) const;
    [[nodiscard]] std::vector<observations> observed(stored_experiment const& x) const;
    void require_sample(stored_experiment const& x) const;

    parts const& parts_;
    database& reading_;
    experiment_store store_;
};

struct promotion_body
{
    std::string variant;
    std::optional<std::string> reason;
    std::optional<bool> override_;
};
BOOST_DESCRIBE_STRUCT(promotion_body, (), (variant, reason, override_))

} // namespace app
