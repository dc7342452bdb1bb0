#include "server_answers.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "log_text.hpp"
#include "schemagate/postgres/sql_error.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using kind = database_error::kind;
using std::chrono::steady_clock;

struct result_deleter
{
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using result_ptr = std::unique_ptr<PGresult, result_deleter>;

std::string field(PGresult const* r, int code)
{
    auto const* text = PQresultErrorField(r, code);
    return text != nullptr ? text : "";
}

// The server's words as far as they may be shown: no values, no statement.
database_error error_of(PGresult const* r)
{
    schemagate::postgres::server_error e;
    e.sqlstate = field(r, PG_DIAG_SQLSTATE);
    if (e.sqlstate.empty()) {
        return {kind::lost, log_text(PQresultErrorMessage(r))};
    }
    e.message = field(r, PG_DIAG_MESSAGE_PRIMARY);
    e.hint = field(r, PG_DIAG_MESSAGE_HINT);
    e.context = field(r, PG_DIAG_CONTEXT);
    e.schema = field(r, PG_DIAG_SCHEMA_NAME);
    e.table = field(r, PG_DIAG_TABLE_NAME);
    e.column = field(r, PG_DIAG_COLUMN_NAME);
    e.constraint = field(r, PG_DIAG_CONSTRAINT_NAME);
    return {kind_of_sqlstate(e.sqlstate),
            "SQLSTATE " + e.sqlstate + ": " + log_text(schemagate::postgres::describe(e, false)), e.sqlstate,
            e.constraint};
}

query_result rows_of(PGresult* r)
{
    std::vector<query_row> rows(static_cast<std::size_t>(PQntuples(r)));
    auto const columns = PQnfields(r);
    for (int row = 0; row < PQntuples(r); ++row) {
        auto& values = rows[static_cast<std::size_t>(row)];
        values.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) {
            if (PQgetisnull(r, row, column) != 0) {
                values.emplace_back(std::nullopt);
            }
            else {
                values.emplace_back(std::in_place, PQgetvalue(r, row, column),
                                    static_cast<std::size_t>(PQgetlength(r, row, column)));
            }
        }
    }
    std::string_view const count = PQcmdTuples(r); // "" for statements that count nothing
    std::size_t affected = 0;
    std::from_chars(count.data(), count.data() + count.size(), affected);
    return {std::move(rows), affected};
}

} // namespace

database_connection::answers::answers(pg_conn* handle, connection_options const& options, bool pooled,
                                      schemagate::postgres::wake const& stop)
    : handle_{handle}, stop_{stop}, cancel_at_{steady_clock::now() + options.statement_time},
      give_up_at_{cancel_at_ + 2s}
{
    if (!pooled) {
        cancel_at_ = steady_clock::time_point::max(); // the server has a limit of its own
    }
}

database_error database_connection::answers::lost(pg_conn* handle)
{
    return {kind::lost, log_text(PQerrorMessage(handle))};
}

query_result database_connection::answers::read(std::string& tag)
{
    return read_after_copy({}, tag);
}

query_result database_connection::answers::read_after_copy(std::string_view data, std::string& tag)
{
    std::optional<database_error> error;
    query_result last;
    flush();
    for (;;) {
        try {
            wait_for_answer();
        }
        catch (database_error const&) {
            if (error) { // why the server ends the connection: more than that it did
                throw std::move(*error);
            }
            throw;
        }
        result_ptr const r{PQgetResult(handle_)};
        if (!r) {
            break;
        }
        switch (PQresultStatus(r.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
            tag = PQcmdStatus(r.get());
            last = rows_of(r.get());
            break;
        case PGRES_COPY_IN: send_copy(data); break;
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
            throw database_error{kind::failed, "a COPY that sends is not ours"}; // its owner closes it
        case PGRES_EMPTY_QUERY: break;
        default:
            if (!error) {
                error = error_of(r.get());
            }
            break;
        }
        if (PQstatus(handle_) != CONNECTION_OK) {
            break;
        }
    }
    if (error) {
        throw std::move(*error);
    }
    if (PQstatus(handle_) != CONNECTION_OK) {
        throw lost(handle_);
    }
    return last;
}

// Not blocking, so libpq keeps what the socket does not take. It fails only where the connection does, and
// then the next answer says so.
void database_connection::answers::send_copy(std::string_view data)
{
    constexpr std::size_t piece = 1 << 20;
    for (; !data.empty(); data.remove_prefix(std::min(piece, data.size()))) {
        auto const length = std::min(piece, data.size());
        PQputCopyData(handle_, data.data(), static_cast<int>(length));
        flush();
    }
    PQputCopyEnd(handle_, nullptr);
    flush();
}

// While we send, the server may have to tell us something before it takes more.
void database_connection::answers::flush()
{
    for (;;) {
        auto const left = PQflush(handle_);
        if (left < 0) {
            throw lost(handle_);
        }
        if (left == 0) {
            return;
        }
        wait(true, 50ms);
        if (PQconsumeInput(handle_) == 0) {
            throw lost(handle_);
        }
    }
}

void database_connection::answers::wait_for_answer()
{
    while (PQisBusy(handle_) != 0) {
        wait(false, 1h);
        if (PQconsumeInput(handle_) == 0) {
            throw lost(handle_);
        }
    }
}

void database_connection::answers::wait(bool for_write, std::chrono::milliseconds longest)
{
    auto const limit = std::min(cancel_at_, give_up_at_);
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(limit - steady_clock::now());
    try {
        if (!stop_.wait(PQsocket(handle_), for_write, std::clamp(left, 0ms, longest)) && left <= 0ms) {
            on_silence();
        }
    }
    catch (schemagate::postgres::stop_requested const&) {
        // Whoever owns the connection closes it, for it is not idle. The server then ends the statement.
        throw database_error{kind::busy, "the service is stopping"};
    }
}

// Behind a pooler nobody but us limits a statement. PQcancel connects, and so may block for as long as a
// connection attempt does; only there, therefore.
void database_connection::answers::on_silence()
{
    if (steady_clock::now() < give_up_at_) {
        cancel_at_ = steady_clock::time_point::max();
        if (auto* const request = PQgetCancel(handle_); request != nullptr) {
            char why[256];
            PQcancel(request, why, sizeof why);
            PQfreeCancel(request);
        }
        return;
    }
    throw database_error{kind::lost, "the server did not answer in time"};
}

} // namespace app
