#include "unprivileged.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "private_server.hpp"

namespace support {
namespace {

struct account
{
    uid_t user;
    gid_t group;
};

account unprivileged()
{
    for (char const* name : {"postgres", "nobody"}) {
        if (auto const* entry = getpwnam(name); entry != nullptr) {
            return {entry->pw_uid, entry->pw_gid};
        }
    }
    throw std::runtime_error("neither an account postgres nor nobody");
}

/// "/usr/lib/postgresql/9.6" comes before ".../15".
double version_of(std::filesystem::path const& folder)
{
    return std::strtod(folder.filename().c_str(), nullptr);
}

} // namespace

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
    for (auto const& argument : argv) {
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

std::string postgres_bindir()
{
    if (char const* given = std::getenv("PG_BINDIR"); given != nullptr && *given != '\0') {
        return given;
    }
    std::vector<std::filesystem::path> installed;
    if (std::filesystem::exists("/usr/lib/postgresql")) {
        for (auto const& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql"}) {
            if (std::filesystem::exists(entry.path() / "bin/initdb")) {
                installed.push_back(entry.path());
            }
        }
    }
    if (!installed.empty()) {
        auto const newest =
            std::max_element(installed.begin(), installed.end(),
                             [](auto const& a, auto const& b) { return version_of(a) < version_of(b); });
        return (*newest / "bin").string();
    }
    // Outside Debian the programs lie where pg_config says.
    char line[512] = {};
    if (auto* pipe = popen("pg_config --bindir 2>/dev/null", "r"); pipe != nullptr) {
        auto const got = std::fgets(line, sizeof line, pipe);
        pclose(pipe);
        if (got != nullptr) {
            std::string folder{line};
            folder.erase(folder.find_last_not_of('\n') + 1);
            return folder;
        }
    }
    throw std::runtime_error("no initdb found: install postgresql, or set PG_BINDIR");
}

} // namespace support
