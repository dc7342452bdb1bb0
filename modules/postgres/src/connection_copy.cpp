// COPY … FROM stdin and TO stdout: a script's data, sent and read so that a stop request ends it.
#include <chrono>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "dead_link.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;

// A server that is busy with the rows it has takes no more of them for as long as that lasts, and the kernel
// would end the connection after our tcp_user_timeout, though the server acknowledges every probe.
class without_user_timeout
{
public:
    explicit without_user_timeout(int socket) : socket_{socket}
    {
        unsigned milliseconds = 0;
        socklen_t size = sizeof milliseconds;
        ours_ = ::getsockopt(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, &size) == 0 &&
                milliseconds == user_timeout.count();
        set(0);
    }
    without_user_timeout(without_user_timeout const&) = delete;
    without_user_timeout& operator=(without_user_timeout const&) = delete;
    ~without_user_timeout() { set(static_cast<unsigned>(user_timeout.count())); }

private:
    void set(unsigned milliseconds) const noexcept
    {
        if (ours_) {
            ::setsockopt(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
        }
    }

    int socket_;
    bool ours_ = false;
};

} // namespace

std::vector<statement_result> connection::execute_copy(std::string_view sql, std::string_view data)
{
    without_user_timeout const patient{PQsocket(handle_)};
    send_query(sql);
    std::vector<statement_result> results;
    collect([&results](statement_result r) { results.push_back(std::move(r)); }, &data);
    return results;
}

// In pieces, since libpq takes an int for the size, and never more than one of them in its own buffer.
void connection::send_copy(std::string_view data, bool& stopping)
{
    constexpr std::size_t piece = 1U << 20U;
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

// COPY … TO stdout: nobody wants the rows.
void connection::drop_copied(bool& stopping)
{
    for (;;) {
        char* row = nullptr;
        auto const size = PQgetCopyData(handle_, &row, 1); // 1: returns 0 where it would wait
        PQfreemem(row);
        if (size == 0) {
            await_bytes(stopping);
        }
        else if (size < 0) {
            return;
        }
    }
}

} // namespace schemagate::postgres
