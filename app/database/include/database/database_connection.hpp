// One connection to the database, as the service's own SQL uses it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "database/query_result.hpp"
#include "schemagate/postgres/wake.hpp"

struct pg_conn;

namespace app {

struct connection_options
{
    /// How long a statement may take; then it is `busy`. A server that has not answered two seconds later is
    /// `lost`.
    std::chrono::milliseconds statement_time{5'000};
    /// A pooler may stand between, and keeps one server connection per client (SCHEMAGATE_POOLER=session).
    bool session_pooler = false;
};

/// Uses a libpq connection that somebody else owns: the pool's belongs to SOCI. One thread at a time; every
/// call blocks, but for no longer than the limit of a statement. Throws database_error.
///
/// Statements are PostgreSQL's own text with $1, $2, … (a type that is not plain from the statement is cast:
/// $1::uuid); the names of tables are qualified with the schema, since behind a pooler a search_path of ours
/// would be another client's too.
class database_connection
{
public:
    /// `stop`: ends every wait when it is requested. `handle` and `stop` outlive this object.
    database_connection(pg_conn* handle, connection_options options, schemagate::postgres::wake const& stop);
    database_connection(database_connection const&) = delete;
    database_connection& operator=(database_connection const&) = delete;
    ~database_connection();

    /// Finds out whether a pooler stands between, and sets the limits of the session. Once, before all else.
    void set_up();

    /// Runs one statement. It is prepared when its text is met first, and kept (the 100 that were used last);
    /// behind a pooler that shares connections it is sent anew each time. A value with a NUL byte, which no
    /// type can hold, is `refused` (22021).
    query_result ask(std::string_view sql, std::vector<sql_text> const& parameters = {});

    /// Runs statements without values and without a result: BEGIN, SET, …
    void run(std::string const& sql);

    /// Runs a COPY … FROM STDIN with `data` (its text format). One transaction, unless one is open.
    std::size_t copy(std::string const& sql, std::string_view data);

    /// What `run` gave back last: "COMMIT" where COMMIT has committed, "ROLLBACK" where it could not.
    [[nodiscard]] std::string const& tag() const noexcept { return tag_; }

    /// Can be asked, and no transaction is open.
    [[nodiscard]] bool is_idle() const noexcept;
    /// A statement of the open transaction has failed.
    [[nodiscard]] bool is_aborted() const noexcept;
    [[nodiscard]] bool is_usable() const noexcept;
    /// No use any more although libpq has not noticed: a server says nothing to a connection that is idle,
    /// unless it is about to close it. Costs no round trip.
    [[nodiscard]] bool is_stale() const noexcept;
    /// A pooler stands between that may change the server connection with each transaction.
    [[nodiscard]] bool is_pooled() const noexcept { return pooled_; }
    /// As the server has said with its last answer: it is in recovery, or transactions cannot write by
    /// default. PostgreSQL 13 says neither, so false proves nothing.
    [[nodiscard]] bool says_read_only() const noexcept;

    /// "SET LOCAL …" for the beginning of a transaction, where set_up() could set nothing; else "".
    [[nodiscard]] std::string transaction_settings() const;

    [[nodiscard]] pg_conn* handle() const noexcept { return handle_; }

private:
    class kept_statements;
    class answers;

    query_result ask_unkept(std::string_view sql, std::vector<char const*> const& values);
    query_result ask_kept(std::string const& name, std::vector<char const*> const& values);
    std::string const& keep(std::string_view sql);

    pg_conn* handle_;
    connection_options options_;
    schemagate::postgres::wake const& stop_;
    std::unique_ptr<kept_statements> kept_;
    std::string tag_;
    bool pooled_ = false;
    bool keeps_ = true;
};

} // namespace app
