// One postgres process, and the thread it is tied to.
#pragma once

#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace schemagate::testing {

/// The kernel ends a server with the thread that started it (prctl(2), PR_SET_PDEATHSIG), so it gets one that
/// lives as long as it does: a test may start its server from a thread that ends before.
class server_process
{
public:
    server_process() = default;
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;
    ~server_process();

    void launch(std::vector<std::string> const& argv, std::filesystem::path const& log);
    /// True if it has ended by itself.
    [[nodiscard]] bool has_ended();
    /// Signals it, and waits for its end. Does nothing where there is none.
    void end(int signal);

private:
    void release_keeper();

    pid_t pid_ = -1;
    std::promise<void> may_go_;
    std::thread keeper_;
};

} // namespace schemagate::testing
