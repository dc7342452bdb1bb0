#include "server_process.hpp"

#include <csignal>
#include <sys/wait.h>

#include "schemagate/testing/unprivileged.hpp"

namespace schemagate::testing {

server_process::~server_process()
{
    end(SIGQUIT);
}

void server_process::launch(std::vector<std::string> const& argv, std::filesystem::path const& log)
{
    end(SIGQUIT);
    may_go_ = {};
    std::promise<pid_t> started;
    auto pid = started.get_future();
    keeper_ = std::thread{[&argv, &log, &started, may_go = may_go_.get_future()] {
        try {
            started.set_value(launch_unprivileged(argv, log));
        }
        catch (...) {
            started.set_exception(std::current_exception());
            return;
        }
        may_go.wait(); // From here on only what this thread owns is touched.
    }};
    try {
        pid_ = pid.get();
    }
    catch (...) {
        release_keeper();
        throw;
    }
}

bool server_process::has_ended()
{
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
    }
    return pid_ < 0;
}

void server_process::end(int signal)
{
    if (pid_ > 0) {
        ::kill(pid_, signal);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    release_keeper();
}

void server_process::release_keeper()
{
    if (keeper_.joinable()) {
        may_go_.set_value();
        keeper_.join();
    }
}

} // namespace schemagate::testing
