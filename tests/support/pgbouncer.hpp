// A real PgBouncer before a private PostgreSQL.
#pragma once

#include <string>

#include <sys/types.h>

#include "private_server.hpp"
#include "temporary_folder.hpp"

namespace support {

/// Ends with its owner. Listens on a free port of 127.0.0.1.
class pgbouncer
{
public:
    /// `pool_mode` is "session", "transaction" or "statement". Returns once it answers; throws, with what to
    /// install, if the program is missing.
    pgbouncer(private_server& server, std::string const& pool_mode);
    pgbouncer(pgbouncer const&) = delete;
    pgbouncer& operator=(pgbouncer const&) = delete;
    ~pgbouncer();

    /// As the role that owns the databases of the server.
    [[nodiscard]] std::string url(std::string const& dbname) const;

private:
    temporary_folder folder_{"pool"};
    int port_;
    pid_t pid_ = -1;
};

} // namespace support
