// A connection outside the pool, for a thread of its own: to connect and to wait can be interrupted.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "database/database_connection.hpp"
#include "database/database_target.hpp"

namespace app {

/// SOCI's connect cannot be interrupted, so this one is libpq's alone. One thread; every call blocks, but
/// for the look-up of a host's name no longer than the limits allow, and ends when the stop is requested.
class private_connection
{
public:
    /// `target` outlives it. `purpose`: for application_name.
    private_connection(database_target& target, std::string purpose, std::chrono::milliseconds statement_time,
                       std::stop_token stop);
    private_connection(private_connection const&) = delete;
    private_connection& operator=(private_connection const&) = delete;
    ~private_connection();

    /// The connection, opened by one attempt of 5 s at most unless it is open and idle. Throws
    /// database_error: `lost`, or `busy` where the server has no room for it or the stop was requested.
    [[nodiscard]] database_connection& get();

    /// At once. What the server still does for it, it may end.
    void close() noexcept;

    /// Sleeps, or returns early because the stop was requested.
    void sleep(std::chrono::milliseconds time) const;
    [[nodiscard]] bool stopping() const noexcept { return stop_.requested(); }
    [[nodiscard]] schemagate::postgres::wake const& stop() const noexcept { return stop_; }

private:
    class link;

    database_target& target_;
    std::string purpose_;
    std::chrono::milliseconds statement_time_;
    schemagate::postgres::wake stop_;
    std::unique_ptr<link> link_;
};

} // namespace app
