#include "schemagate/testing/unprivileged.hpp"

#include <stdexcept>

#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace schemagate::testing {
namespace {

struct account
{
    uid_t user;
    gid_t group;
    std::string name;
};

account unprivileged()
{
    for (char const* name : {"postgres", "nobody"}) {
        if (auto const* entry = getpwnam(name); entry != nullptr) {
            return {entry->pw_uid, entry->pw_gid, name};
        }
    }
    throw std::runtime_error("neither an account postgres nor nobody");
}

} // namespace

std::string unprivileged_account()
{
    return geteuid() == 0 ? unprivileged().name : "";
}

void give_to_unprivileged(std::filesystem::path const& path)
{
    if (geteuid() == 0) {
        auto const to = unprivileged();
        if (chown(path.c_str(), to.user, to.group) != 0) {
            throw std::runtime_error("cannot give away " + path.string());
        }
    }
}

pid_t launch_unprivileged(std::vector<std::string> const& argv, std::filesystem::path const& log)
{
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (auto const& argument : argv) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): execv(3) takes it as non-const, and only
        // reads
        arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    bool const drop = geteuid() == 0;
    auto const to = drop ? unprivileged() : account{};
    auto const parent = getpid();
    int const out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int const in = open("/dev/null", O_RDONLY | O_CLOEXEC);

    auto const pid = fork();
    if (pid == 0) {
        // A process group of its own: a Ctrl-C at the terminal is the test's to handle.
        setpgid(0, 0);
        if (drop && (setgroups(0, nullptr) != 0 || setgid(to.group) != 0 || setuid(to.user) != 0)) {
            _exit(126);
        }
        prctl(PR_SET_PDEATHSIG, SIGQUIT); // after setuid(), which clears it
        if (getppid() != parent) {
            _exit(126);
        }
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        if (chdir("/") != 0) {
            _exit(126);
        }
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    close(out);
    close(in);
    if (pid < 0) {
        throw std::runtime_error("fork failed");
    }
    return pid;
}

int run_unprivileged(std::vector<std::string> const& argv, std::filesystem::path const& log)
{
    int raw = 0;
    auto const pid = launch_unprivileged(argv, log);
    waitpid(pid, &raw, 0);
    return WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
}

} // namespace schemagate::testing
