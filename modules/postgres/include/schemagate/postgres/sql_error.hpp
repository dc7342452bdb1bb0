// What the server said when it refused a statement. Internal to the engine: it becomes a `failure` before it
// leaves.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "schemagate/postgres/engine_exception.hpp"

namespace schemagate::postgres {

/// The fields of an ErrorResponse (PostgreSQL documentation, "55.8 Error and Notice Message Fields").
struct server_error
{
    std::string sqlstate; ///< empty when the connection broke before the server could say anything
    std::string message;
    std::string detail;
    std::string hint;
    std::string context;
    std::string schema;
    std::string table;
    std::string column;
    std::string constraint;
    std::string source;        ///< the server's function that reported it
    std::size_t position = 0;  ///< characters from 1 in the text that was sent; 0: none given
    std::size_t statement = 0; ///< index, from 0, of the failing statement in the message
    bool connection_lost = false;
};

class sql_error : public engine_exception
{
public:
    explicit sql_error(server_error what) : error{std::move(what)} {}
    /// Never shown to anybody: the text may hold data.
    [[nodiscard]] char const* what() const noexcept override { return "the server refused a statement"; }

    server_error error;
};

/// The server's words as far as they may be shown (PROTOCOL.md, "Invariants", 8): for classes of errors that
/// quote data (22, 23, P0, …) the condition's name, constraint and table; else the primary message with
/// quoted literals masked. `in_full` (SCHEMAGATE_LOG_SQL=1) adds DETAIL, HINT and CONTEXT.
[[nodiscard]] std::string describe(server_error const& e, bool in_full);

/// RAISE may give any SQLSTATE, and any object's name, to words of a script or a trigger. Told by the
/// server's function, since the context is translated (lc_messages).
[[nodiscard]] bool raised_by_plpgsql(server_error const& e) noexcept;

/// True for what is worth trying again in a new transaction: lock_timeout, deadlock, serialization (55P03,
/// 40P01, 40001), unless a script raised it.
[[nodiscard]] bool is_lock_conflict(server_error const& e) noexcept;

} // namespace schemagate::postgres
