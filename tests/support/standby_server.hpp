// A real streaming standby of a private PostgreSQL, made from a copy of its files.
#pragma once

#include <string>

#include <sys/types.h>

#include "private_server.hpp"
#include "temporary_folder.hpp"

namespace support {

/// What the primary's configuration needs beyond the usual.
[[nodiscard]] server_options primary_options();

/// Ends with its owner. The primary, made with primary_options(), outlives it or is gone for good.
class standby_server
{
public:
    /// Copies the primary and returns once the copy answers, in recovery.
    explicit standby_server(private_server& primary);
    standby_server(standby_server const&) = delete;
    standby_server& operator=(standby_server const&) = delete;
    ~standby_server();

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string const& dbname) const;
    [[nodiscard]] std::string admin_url(std::string const& dbname = "postgres") const;

    /// Holds what arrives back from being replayed, and lets it go on.
    void pause_replay() const;
    void resume_replay() const;

    /// Makes it a primary; returns once it is one.
    void promote() const;

private:
    temporary_folder folder_{"standby"};
    int port_;
    pid_t pid_ = -1;
};

} // namespace support
