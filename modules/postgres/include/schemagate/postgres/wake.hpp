// Lets a thread that waits for a socket be woken by a stop request.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "schemagate/postgres/engine_exception.hpp"

namespace schemagate::postgres {

/// Thrown by every wait of this module when the stop was requested.
class stop_requested : public engine_exception
{
public:
    /// A statement was on its way, and the server did not say that it was cancelled: it may be committed.
    bool undecided = false;
};

/// A file descriptor that becomes readable when `stop` is requested (an eventfd: the request may come from a
/// thread that must not block, such as an io_context's). Used by one waiting thread; lives as long as the
/// boot.
class wake
{
public:
    explicit wake(std::stop_token stop);
    ~wake();
    wake(wake const&) = delete;
    wake& operator=(wake const&) = delete;

    [[nodiscard]] bool requested() const noexcept { return stop_.stop_requested(); }
    /// Throws stop_requested if it was.
    void check() const;
    /// Sleeps, or throws stop_requested as soon as it is.
    void sleep(std::chrono::milliseconds time) const;
    /// Waits until `socket` is readable (or writable), the time is over (returns false), or the stop is
    /// requested (throws).
    bool wait(int socket, bool for_write, std::chrono::milliseconds time) const;

private:
    class state;
    std::stop_token stop_;
    std::unique_ptr<state> state_;
};

} // namespace schemagate::postgres
