// SOCI's pool, and what belongs to each of its connections.
#pragma once

#include <optional>
#include <soci/soci.h>
#include <stop_token>
#include <vector>

#include "database/database.hpp"
#include "database/database_error.hpp"

namespace app {

class database::pool
{
public:
    pool(database_target& target, database_options const& options);

    void stop() noexcept { stopping_.request_stop(); }

private:
    friend class database::lease;

    struct place
    {
        std::unique_ptr<schemagate::postgres::wake> stop;
        std::unique_ptr<database_connection>
            connection; // of SOCI's session at the same position, if it is open
    };

    database_target& target_;
    database_options options_;
    soci::connection_pool sessions_;
    std::stop_source stopping_;
    std::vector<place> places_;
};

/// One connection of the pool, for as long as it lives. Closes it at the end unless it is idle.
class database::lease
{
public:
    /// Throws database_error: `busy` if none becomes free in time, or what connecting throws.
    explicit lease(pool& from);
    lease(lease const&) = delete;
    lease& operator=(lease const&) = delete;
    ~lease();

    [[nodiscard]] database_connection& connection() noexcept { return *place().connection; }
    /// It was opened by this lease, so that a loss is no leftover of an earlier one.
    [[nodiscard]] bool is_fresh() const noexcept { return fresh_; }
    void reopen();
    void close() noexcept;

private:
    [[nodiscard]] pool::place& place() noexcept { return pool_.places_[position_]; }
    void open();
    void set_up(soci::session& session);

    pool& pool_;
    std::size_t position_ = 0;
    bool fresh_ = false;
};

} // namespace app
