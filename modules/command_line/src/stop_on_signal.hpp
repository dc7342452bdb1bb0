// SIGTERM and SIGINT as a stop token, for commands that run without an event loop.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace schemagate {

/// While it lives, SIGTERM and SIGINT request a stop instead of ending the process; a second SIGINT ends it
/// at once, for people who do not want to wait. An ignored SIGINT (a job in the background of a script) stays
/// ignored. One at a time in a process.
///
/// A handler and a pipe, not a blocked signal and sigwait(): the host may have started threads before, and a
/// signal to the process would be delivered to one of those.
class stop_on_signal
{
public:
    stop_on_signal();
    ~stop_on_signal();
    stop_on_signal(stop_on_signal const&) = delete;
    stop_on_signal& operator=(stop_on_signal const&) = delete;

    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

private:
    std::stop_source source_;
    int pipe_[2] = {-1, -1};
    struct sigaction old_term_
    {};
    struct sigaction old_int_
    {};
    std::thread waiter_;
};

/// While it lives, writing to a closed pipe is an error (EPIPE) instead of the end of the process.
class ignore_sigpipe
{
public:
    ignore_sigpipe() noexcept;
    ~ignore_sigpipe();
    ignore_sigpipe(ignore_sigpipe const&) = delete;
    ignore_sigpipe& operator=(ignore_sigpipe const&) = delete;

private:
    struct sigaction old_
    {};
};

} // namespace schemagate
