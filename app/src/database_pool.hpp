// The service's own connections: SOCI's pool, with the repairs that it does not do itself.
//
// SOCI's pool never heals a connection that the server closed, hands a leaked transaction on to the next
// lease, and its session::reconnect() leaves a dangling pointer when it throws. So a position is leased with
// a time limit, worked on through connection_pool::at(), and brought into order by close() and open() alone:
//   - before a query: an idle connection on which the server has said something is dead or dying; reopen it;
//   - a query that finds its connection lost is repeated once on a new one (it is a read, and the only
//     statement of its lease);
//   - after a query: a connection that is not idle is closed, which is the only sure rollback.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "schemagate/settings.hpp"

namespace soci {
class session;
}

namespace app {

/// May be used from any number of threads; every call blocks. Opens connections when they are needed first.
class database_pool
{
public:
    database_pool(schemagate::settings with, std::size_t connections_max);
    database_pool(database_pool const&) = delete;
    database_pool& operator=(database_pool const&) = delete;
    ~database_pool();

    /// Runs `query`, which must be one statement that reads, and may be called twice. Throws database_error.
    void read(std::function<void(soci::session&)> const& query);

private:
    class connections;
    std::unique_ptr<connections> connections_;
};

} // namespace app
