// Choosing the one process that migrates. A small interface, since some engines that speak PostgreSQL's
// protocol have no advisory locks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

/// Who holds the lock, as far as the server lets us see.
struct leader_description
{
    int pid = 0;
    std::string role;
    std::string application;
    std::string age;   ///< of its connection: "00:01:23"
    std::string query; ///< the first characters of what it runs, literals masked
};

/// One candidacy. All members are called on the candidate's private connection.
class leadership
{
public:
    virtual ~leadership() = default;

    /// True: this connection leads, until it closes. Never waits in the server: a waiting statement holds a
    /// snapshot, CREATE INDEX CONCURRENTLY in the leader waits for it, and one of the two dies of 40P01.
    [[nodiscard]] virtual bool try_acquire(connection& on) = 0;

    /// SQL that, inside a migration's transaction, yields one row with one boolean: leadership is ours until
    /// this transaction ends, and a script that ends the transaction loses it.
    [[nodiscard]] virtual std::string fence_sql() const = 0;
    /// SQL that yields one boolean: the fence taken by fence_sql() is still up.
    [[nodiscard]] virtual std::string still_fenced_sql() const = 0;

    /// SQL that yields one boolean: this backend still leads, outside a transaction too.
    [[nodiscard]] virtual std::string held_sql() const = 0;

    [[nodiscard]] virtual std::optional<leader_description> who_leads(connection& on) const = 0;
};

/// The key of the contract: first 8 bytes, big-endian and signed, of
/// SHA-256("schemagate/1/" + history schema + "/" + catalog name).
[[nodiscard]] std::int64_t lock_key(std::string const& history_schema, std::string const& catalog_name);

/// PostgreSQL's advisory locks: pg_try_advisory_lock(K) on the leader's own connection, so that the lock
/// lives exactly as long as the backend that works. Behind a pooler (`pooled`) a session lock would stay on a
/// backend that other clients share, so there K is only taken per transaction.
[[nodiscard]] std::unique_ptr<leadership> advisory_lock(std::int64_t key, std::int64_t marker_key,
                                                        bool pooled);

/// K′, the marker that a script loses when it ends its own transaction.
[[nodiscard]] std::int64_t marker_key(std::string const& history_schema, std::string const& catalog_name);

} // namespace schemagate::postgres
