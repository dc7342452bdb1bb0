// COPY … FROM stdin: a script's data, sent so that a stop request ends it.
#include <chrono>
#include <libpq-fe.h>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;

// A blocking connection would wait in send(2), where no stop of ours reaches it.
class without_blocking
{
public:
    explicit without_blocking(PGconn* handle) : handle_{handle} { PQsetnonblocking(handle_, 1); }
    without_blocking(without_blocking const&) = delete;
    without_blocking& operator=(without_blocking const&) = delete;
    ~without_blocking() { PQsetnonblocking(handle_, 0); }

private:
    PGconn* handle_;
};

} // namespace

// In pieces, since libpq takes an int for the size, and never more than one of them in its own buffer.
void connection::send_copy(std::string_view data, bool& stopping)
{
    constexpr std::size_t piece = 1U << 20U;
    without_blocking const here{handle_};
    while (!data.empty() && !stopping) {
        auto const part = data.substr(0, piece);
        // -1: the next PQgetResult says why. 0 cannot be: flush() has emptied the buffer.
        if (PQputCopyData(handle_, part.data(), static_cast<int>(part.size())) != 1 || !flush(stopping)) {
            break;
        }
        data.remove_prefix(part.size());
    }
    PQputCopyEnd(handle_, stopping ? "interrupted" : nullptr);
    flush(stopping);
}

// False: the server has an answer already, so it reads no more of what is sent, or the connection is lost.
bool connection::flush(bool& stopping)
{
    for (;;) {
        auto const left = PQflush(handle_);
        if (left <= 0) {
            return left == 0;
        }
        try {
            stop_->wait(PQsocket(handle_), true, 1s);
        }
        catch (stop_requested const&) {
            cancel_once(stopping);
        }
        // A server that writes an error may not read until somebody reads that.
        if (PQconsumeInput(handle_) == 0) {
            return false;
        }
    }
}

} // namespace schemagate::postgres
