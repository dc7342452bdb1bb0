// The partitions of the execution log: made for the months to come, dropped past the retention. And the
// answers of idempotent requests, which are dropped after a day.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <spdlog/logger.h>

#include "database/database.hpp"

namespace app {

/// At the start and every hour; again after two seconds where a partition was in use. start() and stop() are
/// called on the context's thread. All that it is given outlives it.
class log_months
{
public:
    /// `retention`: whole months that are kept; nullopt keeps all.
    log_months(boost::asio::io_context& io, boost::asio::thread_pool& workers, database& db,
               std::optional<int> retention, std::shared_ptr<spdlog::logger> log)
        : io_{io}, workers_{workers}, db_{db}, retention_{retention}, log_{std::move(log)}, timer_{io}
    {}

    void start();
    void stop();

private:
    [[nodiscard]] bool keep(); // false: not all of it could be done

    boost::asio::io_context& io_;
    boost::asio::thread_pool& workers_;
    database& db_;
    std::optional<int> retention_;
    std::shared_ptr<spdlog::logger> log_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

} // namespace app
