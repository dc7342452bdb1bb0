// One line for each request.
#pragma once

#include <memory>
#include <spdlog/logger.h>

#include "http/server.hpp"

namespace app {

enum class access_log_format
{
    text,
    json
};

/// At level info: method, path (no query, which may hold what a user searched for), route, status, bytes,
/// elapsed time, request id and trace. What looks like a key of ours is masked. Any thread.
class access_log
{
public:
    access_log(std::shared_ptr<spdlog::logger> log, access_log_format format)
        : log_{std::move(log)}, format_{format}
    {}
    void write(exchange const& done) const;

private:
    std::shared_ptr<spdlog::logger> log_;
    access_log_format format_;
};

} // namespace app
