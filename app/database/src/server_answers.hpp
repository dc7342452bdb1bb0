// Waiting for what the server answers, with a limit, and reading it.
#pragma once

#include <chrono>
#include <libpq-fe.h>
#include <string>
#include <string_view>

#include "database/database_connection.hpp"
#include "database/database_error.hpp"

namespace app {

/// The answers to the one message that was just sent on `handle`. Reads all of them, so that the connection
/// can be used again unless it is lost.
class database_connection::answers
{
public:
    answers(pg_conn* handle, connection_options const& options, bool pooled,
            schemagate::postgres::wake const& stop);

    /// The last answer. Throws database_error for the first one that is an error.
    query_result read(std::string& tag);
    /// Sends `data` where the server asks for it, then as above.
    query_result read_after_copy(std::string_view data, std::string& tag);

    /// The connection broke: libpq knows why.
    [[nodiscard]] static database_error lost(pg_conn* handle);

private:
    void send_copy(std::string_view data);
    void flush();
    void wait_for_answer();
    void wait(bool for_write, std::chrono::milliseconds longest);
    void on_silence();

    pg_conn* handle_;
    schemagate::postgres::wake const& stop_;
    std::chrono::steady_clock::time_point cancel_at_;
    std::chrono::steady_clock::time_point give_up_at_;
};

} // namespace app
