// The leader's one private connection, and what is set on it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/prepared_statements.hpp"

namespace schemagate::postgres {

struct session_options
{
    std::string application_name;
    std::string run_as;          ///< role to SET ROLE to; "" for the one that connected
    bool session_pooler = false; ///< a pooler may stand between, and keeps one server connection per client
};

/// One thread. Closing it, which ending it does, is the only sure release of the lock.
class session
{
public:
    /// Goes on with a connection that is in no transaction, and applies settings_sql(). Throws sql_error and
    /// stop_requested.
    static session open(connection on, session_options options);

    session(session&&) noexcept = default;
    session(session const&) = delete;
    session& operator=(session const&) = delete;
    session& operator=(session&&) = delete;
    ~session() = default;

    [[nodiscard]] connection& native() noexcept { return *native_; }
    [[nodiscard]] connection const& native() const noexcept { return *native_; }

    /// The role that migrations and their history rows are made by; "" for the one that connected. Without
    /// session_options::run_as that of ALTER ROLE … SET role, if there is one.
    [[nodiscard]] std::string const& run_as() const noexcept { return options_.run_as; }

    /// A pooler stands between, and may change the backend at each transaction.
    [[nodiscard]] bool pooled() const noexcept { return pooled_; }

    /// Statements of ours that this session has parsed already.
    [[nodiscard]] prepared_statements& prepared() noexcept { return *prepared_; }

    /// Of the database in its cluster, digits and a dot: a copy of its rows elsewhere has another one. Asked
    /// once.
    [[nodiscard]] std::string const& database_identity();

    /// settings_sql() holds. Not while a script runs in steps, whose settings are the session's, nor after
    /// one that failed.
    [[nodiscard]] bool settled() const noexcept { return settled_; }
    void settled(bool now) noexcept { settled_ = now; }

    /// What every session of ours sets explicitly, because a server's, database's or role's default must not
    /// decide over a migration. Session-wide on a direct connection; SET LOCAL behind a pooler, so for use
    /// inside a transaction there.
    [[nodiscard]] std::string settings_sql() const;

private:
    session() = default;
    void settle();

    std::unique_ptr<connection> native_;
    std::unique_ptr<prepared_statements> prepared_; // refers to native_
    session_options options_;
    std::string database_identity_;
    bool pooled_ = false;
    bool settled_ = false;
    // Settings that this server takes.
    std::vector<std::pair<std::string, std::string>> keepalives_;
};

} // namespace schemagate::postgres
