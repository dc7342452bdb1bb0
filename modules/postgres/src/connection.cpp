#include "schemagate/postgres/connection.hpp"

#include <chrono>
#include <libpq-fe.h>
#include <new>
#include <utility>

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;

struct result_deleter
{
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using result_ptr = std::unique_ptr<PGresult, result_deleter>;

void ignore_notice(void*, PGresult const*) {}

std::string field(PGresult const* r, int code)
{
    auto const* text = PQresultErrorField(r, code);
    return text != nullptr ? text : "";
}

server_error error_of(PGconn* handle, PGresult const* r, std::size_t statement)
{
    server_error e;
    e.statement = statement;
    e.sqlstate = field(r, PG_DIAG_SQLSTATE);
    e.message = field(r, PG_DIAG_MESSAGE_PRIMARY);
    e.detail = field(r, PG_DIAG_MESSAGE_DETAIL);
    e.hint = field(r, PG_DIAG_MESSAGE_HINT);
    e.context = field(r, PG_DIAG_CONTEXT);
    e.schema = field(r, PG_DIAG_SCHEMA_NAME);
    e.table = field(r, PG_DIAG_TABLE_NAME);
    e.column = field(r, PG_DIAG_COLUMN_NAME);
    e.constraint = field(r, PG_DIAG_CONSTRAINT_NAME);
    if (auto const position = field(r, PG_DIAG_STATEMENT_POSITION); !position.empty()) {
        e.position = std::stoul(position);
    }
    if (e.sqlstate.empty()) {
        e.message = PQresultErrorMessage(r);
    }
    e.connection_lost = PQstatus(handle) != CONNECTION_OK;
    return e;
}

statement_result rows_of(PGresult const* r)
{
    statement_result result;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the C API takes it as non-const, and only reads
    result.tag = PQcmdStatus(const_cast<PGresult*>(r));
    auto const columns = PQnfields(r);
    for (int column = 0; column < columns; ++column) {
        result.columns.emplace_back(PQfname(r, column));
    }
    for (int row = 0; row < PQntuples(r); ++row) {
        auto& values = result.rows.emplace_back();
        for (int column = 0; column < columns; ++column) {
            if (PQgetisnull(r, row, column) != 0) {
                values.emplace_back(std::nullopt);
            }
            else {
                values.emplace_back(std::string{PQgetvalue(r, row, column),
                                                static_cast<std::size_t>(PQgetlength(r, row, column))});
            }
        }
    }
    return result;
}

// In pieces, since libpq takes an int for the size.
void send_copy(PGconn* handle, std::string_view data)
{
    constexpr std::size_t piece = 1U << 20U;
    while (!data.empty()) {
        auto const part = data.substr(0, piece);
        if (PQputCopyData(handle, part.data(), static_cast<int>(part.size())) != 1) {
            break; // the next PQgetResult says why
        }
        data.remove_prefix(part.size());
    }
    PQputCopyEnd(handle, nullptr);
}

[[noreturn]] void throw_lost(PGconn* handle)
{
    server_error e;
    e.message = PQerrorMessage(handle);
    e.connection_lost = true;
    throw sql_error{std::move(e)};
}

} // namespace

connection::connection(pg_conn* handle, ownership o, wake const& stop)
    : handle_{handle}, ownership_{o}, stop_{&stop}
{
    PQsetNoticeReceiver(handle_, ignore_notice, nullptr);
}

connection::connection(connection&& other) noexcept
    : handle_{std::exchange(other.handle_, nullptr)}, ownership_{other.ownership_}, stop_{other.stop_}
{}

connection& connection::operator=(connection&& other) noexcept
{
    if (this != &other) {
        close();
        handle_ = std::exchange(other.handle_, nullptr);
        ownership_ = other.ownership_;
        stop_ = other.stop_;
    }
    return *this;
}

connection::~connection()
{
    close();
}

void connection::close() noexcept
{
    if (ownership_ == ownership::owned && handle_ != nullptr) {
        PQfinish(handle_);
    }
    handle_ = nullptr;
}

std::vector<statement_result> connection::execute(std::string_view sql)
{
    std::vector<statement_result> results;
    execute(sql, results);
    return results;
}

void connection::execute(std::string_view sql, std::vector<statement_result>& into)
{
    if (PQsendQuery(handle_, std::string{sql}.c_str()) == 0) {
        throw_lost(handle_);
    }
    collect(into, nullptr);
}

std::vector<statement_result> connection::execute_copy(std::string_view sql, std::string_view data)
{
    if (PQsendQuery(handle_, std::string{sql}.c_str()) == 0) {
        throw_lost(handle_);
    }
    std::vector<statement_result> results;
    collect(results, &data);
    return results;
}

// PQgetResult would block in a recv that no signal of ours interrupts, so we wait in poll(2) beside the
// wake's descriptor, and cancel from this same thread: PQcancel opens a connection of its own and may block a
// moment.
void connection::collect(std::vector<statement_result>& into, std::string_view const* copy_data)
{
    auto const before = into.size();
    std::optional<server_error> error;
    bool stopping = false;
    for (;;) {
        while (PQisBusy(handle_) != 0) {
            try {
                stop_->wait(PQsocket(handle_), false, 1h);
            }
            catch (stop_requested const&) {
                if (!stopping) {
                    stopping = true;
                    cancel();
                }
                // The server answers a cancelled statement at once; one that does not within 2 s is left
                // behind.
                static std::stop_token const never;
                wake const patience{never};
                if (!patience.wait(PQsocket(handle_), false, 2s)) {
                    close();
                    throw;
                }
            }
            if (PQconsumeInput(handle_) == 0) {
                throw_lost(handle_);
            }
        }
        result_ptr const r{PQgetResult(handle_)};
        if (!r) {
            break;
        }
        switch (PQresultStatus(r.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK: into.push_back(rows_of(r.get())); break;
        case PGRES_EMPTY_QUERY: break;
        case PGRES_COPY_IN:
            if (copy_data != nullptr) {
                send_copy(handle_, *copy_data);
                copy_data = nullptr;
            }
            else {
                PQputCopyEnd(handle_, "this COPY has no data in the script");
            }
            break;
        case PGRES_COPY_OUT: {
            char* row = nullptr;
            while (PQgetCopyData(handle_, &row, 0) > 0) {
                PQfreemem(row);
            }
            break;
        }
        default:
            if (!error) {
                error = error_of(handle_, r.get(), into.size() - before);
            }
            break;
        }
    }
    if (stopping) {
        throw stop_requested{};
    }
    if (error) {
        throw sql_error{std::move(*error)};
    }
}

void connection::cancel() noexcept
{
    if (auto* const request = PQgetCancel(handle_); request != nullptr) {
        char why[256];
        PQcancel(request, why, sizeof why);
        PQfreeCancel(request);
    }
}

std::string connection::literal(std::string_view text) const
{
    std::unique_ptr<char, void (*)(void*)> const quoted{PQescapeLiteral(handle_, text.data(), text.size()),
                                                        PQfreemem};
    if (!quoted) {
        throw std::bad_alloc{};
    }
    return quoted.get();
}

std::string connection::identifier(std::string_view text) const
{
    std::unique_ptr<char, void (*)(void*)> const quoted{PQescapeIdentifier(handle_, text.data(), text.size()),
                                                        PQfreemem};
    if (!quoted) {
        throw std::bad_alloc{};
    }
    return quoted.get();
}

transaction_state connection::state() const noexcept
{
    switch (PQtransactionStatus(handle_)) {
    case PQTRANS_IDLE: return transaction_state::idle;
    case PQTRANS_ACTIVE: return transaction_state::active;
    case PQTRANS_INTRANS: return transaction_state::in_transaction;
    case PQTRANS_INERROR: return transaction_state::in_error;
    case PQTRANS_UNKNOWN: break;
    }
    return transaction_state::unknown;
}

bool connection::usable() const noexcept
{
    return handle_ != nullptr && PQstatus(handle_) == CONNECTION_OK;
}

int connection::protocol_pid() const noexcept
{
    return PQbackendPID(handle_);
}

int connection::server_version() const noexcept
{
    return PQserverVersion(handle_);
}

} // namespace schemagate::postgres
