// What a long statement is doing and who is in its way, seen from a second connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/locked_relations.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate::postgres {

/// A session that holds a lock which somebody waits for. What the role may not see is empty.
struct blocker
{
    int pid = 0;
    std::string role;
    std::string application;
    std::string age;   ///< of its transaction: "00:01:23"
    std::string query; ///< the first characters of what it runs or ran last, literals masked

    [[nodiscard]] bool autovacuum() const noexcept
    {
        return role.empty() && application == "autovacuum worker";
    }
};

/// From pg_stat_progress_create_index (PostgreSQL documentation, "28.4.4 CREATE INDEX Progress Reporting").
struct build_progress
{
    std::string phase;
    std::int64_t done = 0;
    std::int64_t total = 0; ///< 0: this phase counts nothing
    std::string unit;       ///< "blocks", "tuples", "lockers"
};

struct statement_sight
{
    std::vector<blocker> blockers;
    std::optional<build_progress> build;
};

/// Looks at one backend. Belongs to the thread that waits for that backend's answer.
class statement_watch
{
public:
    /// `on`: a connection of its own; `pid`: the backend that is looked at (pg_backend_pid()).
    statement_watch(connection on, int pid);

    /// Throws sql_error and stop_requested.
    [[nodiscard]] statement_sight look();

private:
    connection on_;
    std::string sql_;
};

/// A transaction that holds a lock.
struct lock_holder
{
    blocker who;
    std::string relation;    ///< as SQL names it, with its schema
    std::string transaction; ///< its virtual id: of this transaction alone, as long as the server runs
    /// nullopt: of another role's session, whose times only members of pg_read_all_stats may see.
    std::optional<std::chrono::milliseconds> age;
};

/// Those that hold a lock which keeps us from one of these (names without a schema: of `schema`): one of a
/// writer, or any where ours is exclusive. The oldest first, those of unknown age last. Asked in the session
/// that is about to lock them.
[[nodiscard]] std::vector<lock_holder>
holders_of(session& on, std::vector<lexer::locked_relation> const& relations, std::string const& schema);

/// PostgreSQL cancels an autovacuum that keeps somebody waiting for deadlock_timeout, unless it is one that
/// prevents a wraparound. Waits a little longer than that for a lock which lets the table's readers and
/// writers pass, and lets go of it. Returns where that was in vain, too.
void ask_autovacuum_to_yield(session& on, std::string const& relation);

/// deadlock_timeout, and the time that a cancelled autovacuum takes to end.
[[nodiscard]] std::chrono::milliseconds autovacuum_patience(session& on);

} // namespace schemagate::postgres
