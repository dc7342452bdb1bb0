#include "schemagate/postgres/connection.hpp"

#include <array>
#include <chrono>
#include <exception>
#include <libpq-fe.h>
#include <new>
#include <thread>
#include <utility>

#include "server_answer.hpp"

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void throw_lost(std::string why)
{
    server_error e;
    e.message = std::move(why);
    e.connection_lost = true;
    throw sql_error{std::move(e)};
}

[[noreturn]] void throw_lost(PGconn* handle)
{
    throw_lost(std::string{PQerrorMessage(handle)});
}

[[noreturn]] void throw_silent(std::chrono::milliseconds time)
{
    throw_lost(std::string{silent_words} + " for " + std::to_string(time.count()) + " ms");
}

} // namespace

struct connection::hooks
{
    std::function<void(server_notice const&)> notice;
    std::function<void()> look;
    std::chrono::milliseconds every = 1h;
};

// libpq would print notices to stderr.
void connection::hear_notice(void* hooks, pg_result const* notice)
{
    if (auto const& listener = static_cast<connection::hooks const*>(hooks)->notice) {
        listener(notice_of(notice));
    }
}

// Never blocking: libpq would wait in send(2) for a server that does not read, where no stop of ours reaches
// it.
connection::connection(pg_conn* handle, wake const& stop)
    : handle_{handle}, stop_{&stop}, hooks_{std::make_unique<hooks>()}
{
    PQsetNoticeReceiver(handle_, hear_notice, hooks_.get());
    PQsetnonblocking(handle_, 1);
}

void connection::on_notice(std::function<void(server_notice const&)> listener)
{
    hooks_->notice = std::move(listener);
}

void connection::while_waiting(std::chrono::milliseconds every, std::function<void()> look)
{
    hooks_->every = look ? every : 1h;
    hooks_->look = std::move(look);
}

connection::connection(connection&& other) noexcept
    : handle_{std::exchange(other.handle_, nullptr)}, stop_{other.stop_},
      silence_max_{other.silence_max_}, errors_{other.errors_}, hooks_{std::move(other.hooks_)}
{}

connection& connection::operator=(connection&& other) noexcept
{
    if (this != &other) {
        close();
        handle_ = std::exchange(other.handle_, nullptr);
        stop_ = other.stop_;
        silence_max_ = other.silence_max_;
        errors_ = other.errors_;
        hooks_ = std::move(other.hooks_);
    }
    return *this;
}

connection::~connection()
{
    close();
}

void connection::close() noexcept
{
    PQfinish(std::exchange(handle_, nullptr));
}

std::vector<statement_result> connection::execute(std::string_view sql)
{
    std::vector<statement_result> results;
    execute(sql, results);
    return results;
}

void connection::execute(std::string_view sql, std::vector<statement_result>& into)
{
    execute(sql, [&into](statement_result r) { into.push_back(std::move(r)); });
}

void connection::execute(std::string_view sql, result_listener const& each)
{
    send_query(sql);
    collect(each, nullptr);
}

void connection::send_query(std::string_view sql)
{
    if (PQsendQuery(handle_, std::string{sql}.c_str()) == 0) {
        throw_lost(handle_);
    }
}

// PQgetResult would block in a recv that no signal of ours interrupts, so we wait in poll(2) beside the
// wake's descriptor.
void connection::await_answer(bool& stopping)
{
    flush(stopping);
    while (PQisBusy(handle_) != 0) {
        await_bytes(stopping);
    }
}

// Returns with or without them; throws where the server has been silent for too long.
void connection::await_bytes(bool& stopping)
{
    try {
        if (!stop_->wait(PQsocket(handle_), false, silence_max_.value_or(hooks_->every))) {
            if (silence_max_) {
                close();
                throw_silent(*silence_max_);
            }
            if (hooks_->look) {
                hooks_->look();
            }
            return;
        }
    }
    catch (stop_requested const&) {
        cancel_once(stopping);
    }
    if (PQconsumeInput(handle_) == 0) {
        throw_lost(handle_);
    }
}

// The server answers a cancelled statement at once; one that does not is left behind, sooner where nothing
// but a question of ours is lost with it.
void connection::cancel_once(bool& stopping)
{
    if (!std::exchange(stopping, true)) {
        cancel();
    }
    static std::stop_token const never;
    wake const patience{never};
    if (!patience.wait(PQsocket(handle_), false, silence_max_ ? 500ms : 2s)) {
        close();
        stop_requested without_answer;
        without_answer.undecided = true;
        throw without_answer;
    }
}

void connection::collect(result_listener const& each, std::string_view const* copy_data)
{
    std::size_t done = 0;
    std::optional<server_error> error;
    bool stopping = false;
    for (;;) {
        await_answer(stopping);
        result_ptr const r{PQgetResult(handle_)};
        if (!r) {
            break;
        }
        switch (PQresultStatus(r.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
            each(rows_of(r.get()));
            ++done;
            break;
        case PGRES_EMPTY_QUERY: break;
        case PGRES_COPY_IN:
            if (copy_data != nullptr) {
                send_copy(*copy_data, stopping);
                copy_data = nullptr;
            }
            else {
                PQputCopyEnd(handle_, "this COPY has no data in the script");
            }
            break;
        case PGRES_COPY_OUT: drop_copied(stopping); break;
        default:
            if (!error) {
                error = error_of(handle_, r.get(), done);
            }
            break;
        }
    }
    if (stopping) {
        stop_requested stopped;
        stopped.undecided = !error || error->connection_lost;
        throw stopped;
    }
    if (error) {
        ++errors_;
        throw sql_error{std::move(*error)};
    }
}

// PQcancel opens a connection of its own, and waits for as long as the network lets it. So it does that in a
// thread that has nothing but the request, and that nobody waits for.
void connection::cancel() noexcept
{
    std::unique_ptr<PGcancel, void (*)(PGcancel*)> request{PQgetCancel(handle_), PQfreeCancel};
    try {
        std::thread{[request = std::move(request)] {
            std::array<char, 256> why{};
            PQcancel(request.get(), why.data(), static_cast<int>(why.size()));
        }}.detach();
    }
    catch (std::exception const&) { // no more threads: the server notices that we are gone
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
