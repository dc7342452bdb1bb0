#include "stop_on_signal.hpp"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace schemagate {
namespace {

constexpr char quit = 'q';
constexpr char stop = 's';

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a signal handler reaches nothing else
std::atomic<int> wake_fd{-1};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler reads it");

extern "C" void on_stop_signal(int)
{
    auto const saved = errno;
    [[maybe_unused]] auto const written = ::write(wake_fd.load(), &stop, 1);
    errno = saved;
}

} // namespace

stop_on_signal::stop_on_signal()
{
    if (::pipe2(pipe_, O_CLOEXEC) != 0) {
        throw std::system_error{errno, std::generic_category(), "pipe2"};
    }
    wake_fd = pipe_[1];
    waiter_ = std::thread{[this] {
        for (char what = 0; what != quit;) {
            auto const got = ::read(pipe_[0], &what, 1);
            if (got == 1 && what == stop) {
                source_.request_stop();
            }
            if (got == 0 || (got < 0 && errno != EINTR)) {
                return;
            }
        }
    }};
    struct sigaction action
    {};
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_stop_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, &old_term_);
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, &old_int_);
    if (old_int_.sa_handler == SIG_IGN) {
        ::sigaction(SIGINT, &old_int_, nullptr);
    }
}

stop_on_signal::~stop_on_signal()
{
    ::sigaction(SIGTERM, &old_term_, nullptr);
    ::sigaction(SIGINT, &old_int_, nullptr);
    [[maybe_unused]] auto const written = ::write(pipe_[1], &quit, 1);
    waiter_.join();
    wake_fd = -1;
    ::close(pipe_[0]);
    ::close(pipe_[1]);
}

ignore_sigpipe::ignore_sigpipe() noexcept
{
    struct sigaction action
    {};
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &action, &old_);
}

ignore_sigpipe::~ignore_sigpipe()
{
    ::sigaction(SIGPIPE, &old_, nullptr);
}

} // namespace schemagate
