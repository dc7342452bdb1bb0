// A real program with an exact environment, its output captured while it runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace support {

using environment = std::map<std::string, std::string>;

/// How a process ended.
struct exit_status
{
    bool ended = false; ///< false: still running when the wait was over
    int code = -1;      ///< of exit(), -1 if a signal ended it
    int signal = 0;
};

/// Ended by its pid, at the latest with its owner: SIGKILL in the destructor, and by the kernel when the
/// thread that started it ends. Start it from a thread that outlives it.
class child_process
{
public:
    /// Nothing is inherited but PATH and the options of the sanitizers. Throws if the program cannot be run.
    child_process(std::string const& program, std::vector<std::string> const& arguments,
                  environment const& variables);
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;
    ~child_process();

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void kill(int signal) const;

    exit_status wait(std::chrono::milliseconds limit = std::chrono::seconds{30});

    /// What was written so far.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;
    /// True once `text` stands in stdout or stderr; false if the process ended, or the limit passed, without
    /// it.
    [[nodiscard]] bool wait_for_output(std::string_view text,
                                       std::chrono::milliseconds limit = std::chrono::seconds{30});

private:
    void read_until_closed(int out, int err);

    pid_t pid_ = -1;
    exit_status status_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::string out_;
    std::string err_;
    bool closed_ = false;
    std::thread reader_;
};

/// Runs to the end.
struct finished
{
    int code = -1;
    std::string out;
    std::string err;
    std::chrono::milliseconds took{0};
};
[[nodiscard]] finished run_program(std::string const& program, std::vector<std::string> const& arguments,
                                   environment const& variables,
                                   std::chrono::milliseconds limit = std::chrono::seconds{60});

} // namespace support
