// What a server of tests is made of: its URL, one session for our own questions, and the mark by which other
// processes know that this one lives.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "admin_session.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/sql_error.hpp"
#include "schemagate/testing/test_server.hpp"

namespace schemagate::testing {

/// The server's refusal in our own words: what was tried, and what to do where that is known.
[[nodiscard]] failure refused(std::string const& what, postgres::sql_error const& e);

class server::state
{
public:
    explicit state(server_options options);
    explicit state(database_url_text url);

    /// Calls `work` with the session, one caller at a time; connects first where that is needed. An sql_error
    /// becomes a failure that begins with `what`. `work` may not call other functions of this class.
    template <class Work>
    auto ask(std::string const& what, Work const& work)
    {
        std::lock_guard const one_at_a_time{mutex_};
        try {
            return work(connected());
        }
        catch (postgres::sql_error const& e) {
            throw refused(what, e);
        }
    }

    /// A database of this server; "" is the one that we were given. `search_path`: a schema's name.
    [[nodiscard]] database_url_text url(std::string const& dbname, std::string const& search_path = {});
    [[nodiscard]] server_origin origin();
    [[nodiscard]] private_postgres* own();
    /// For people, to reach a kept database: without a password.
    [[nodiscard]] std::string shown_url(std::string const& dbname, std::string const& search_path = {});

    /// Eight hexadecimal digits that the names of this process's databases hold.
    [[nodiscard]] std::string const& run_id() const noexcept { return run_id_; }
    [[nodiscard]] std::string new_database_name()
    {
        return "schemagate_test_" + run_id_ + "_" + std::to_string(++databases_);
    }

private:
    void find();
    [[nodiscard]] database_url_text changed(std::string const& dbname, std::string const& search_path) const;
    admin_session& connected();

    std::mutex mutex_;
    server_options options_;
    std::optional<server_origin> origin_;
    database_url_text url_;
    std::unique_ptr<private_postgres> own_;
    std::optional<admin_session> session_;
    std::string run_id_;
    std::atomic<int> databases_{0};
};

} // namespace schemagate::testing
