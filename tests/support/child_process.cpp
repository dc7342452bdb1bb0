#include "child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {
namespace {

environment with_inherited(environment variables)
{
    for (char const* name : {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (char const* value = std::getenv(name); value != nullptr) {
            variables.emplace(name, value);
        }
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (auto& text : texts) {
        all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
}

struct pipe_ends
{
    int read = -1;
    int write = -1;
};

pipe_ends make_pipe()
{
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2 failed");
    }
    return {ends[0], ends[1]};
}

} // namespace

child_process::child_process(std::string const& program, std::vector<std::string> const& arguments,
                             environment const& variables)
{
    // Everything that allocates stands before fork(): afterwards only async-signal-safe calls are allowed.
    std::vector<std::string> argument_texts{program};
    argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variable_texts;
    for (auto const& [name, value] : with_inherited(variables)) {
        variable_texts.push_back(name + "=" + value);
    }
    auto const argv = pointers(argument_texts);
    auto const envp = pointers(variable_texts);
    auto const out = make_pipe();
    auto const err = make_pipe();
    auto const parent = getpid();

    pid_ = fork(); // NOLINT(cppcoreguidelines-prefer-member-initializer): once all that it needs is made
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(127);
        }
        int const nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        dup2(out.write, STDOUT_FILENO);
        dup2(err.write, STDERR_FILENO);
        execve(program.c_str(), argv.data(), envp.data());
        _exit(127);
    }
    close(out.write);
    close(err.write);
    if (pid_ < 0) {
        close(out.read);
        close(err.read);
        throw std::runtime_error("fork failed");
    }
    reader_ = std::thread{[this, out, err] { read_until_closed(out.read, err.read); }};
}

child_process::~child_process()
{
    if (!status_.ended) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    reader_.join();
}

void child_process::kill(int signal) const
{
    if (!status_.ended) {
        ::kill(pid_, signal);
    }
}

exit_status child_process::wait(std::chrono::milliseconds limit)
{
    if (status_.ended) {
        return status_;
    }
    auto const deadline = std::chrono::steady_clock::now() + limit;
    {
        // The kernel closes the pipes when it ends the process, so this wakes up at once.
        std::unique_lock lock{mutex_};
        if (!changed_.wait_until(lock, deadline, [this] { return closed_; })) {
            return {};
        }
    }
    int raw = 0;
    while (waitpid(pid_, &raw, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            return {};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    status_.ended = true;
    status_.code = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
    status_.signal = WIFSIGNALED(raw) ? WTERMSIG(raw) : 0;
    return status_;
}

std::string child_process::out() const
{
    std::lock_guard const lock{mutex_};
    return out_;
}

std::string child_process::err() const
{
    std::lock_guard const lock{mutex_};
    return err_;
}

bool child_process::wait_for_output(std::string_view text, std::chrono::milliseconds limit)
{
    auto const seen = [&] {
        return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos;
    };
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, limit, [&] { return closed_ || seen(); });
    return seen();
}

void child_process::read_until_closed(int out, int err)
{
    std::array<pollfd, 2> sources{pollfd{out, POLLIN, 0}, pollfd{err, POLLIN, 0}};
    std::array<std::string*, 2> const sinks{&out_, &err_};
    std::array<char, 4096> buffer{};
    while (sources[0].fd >= 0 || sources[1].fd >= 0) {
        if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR) {
            break;
        }
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (sources[i].fd < 0 || sources[i].revents == 0) {
                continue;
            }
            auto const size = read(sources[i].fd, buffer.data(), buffer.size());
            std::lock_guard const lock{mutex_};
            if (size > 0) {
                sinks[i]->append(buffer.data(), static_cast<std::size_t>(size));
            }
            else {
                close(sources[i].fd);
                sources[i].fd = -1;
            }
            changed_.notify_all();
        }
    }
    std::lock_guard const lock{mutex_};
    closed_ = true;
    changed_.notify_all();
}

finished run_program(std::string const& program, std::vector<std::string> const& arguments,
                     environment const& variables, std::chrono::milliseconds limit)
{
    auto const begin = std::chrono::steady_clock::now();
    child_process child{program, arguments, variables};
    auto const status = child.wait(limit);
    auto const took = std::chrono::steady_clock::now() - begin;
    return {status.code, child.out(), child.err(),
            std::chrono::duration_cast<std::chrono::milliseconds>(took)};
}

} // namespace support
