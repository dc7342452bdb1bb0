// Runs a command line inside the test's process, with an environment of the test's making, and reads what it
// wrote to stdout and stderr.
#pragma once

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "schemagate/command_line.hpp"
#include "schemagate/failure.hpp"

namespace captured {

/// Puts the process's environment back when it ends. Nothing of the developer's own environment may decide a
/// test.
class environment
{
public:
    explicit environment(std::map<std::string, std::string> const& variables)
    {
        for (char const* name :
             {"DATABASE_URL", "DATABASE_URL_FILE", "CREDENTIALS_DIRECTORY", "MIGRATION_DATABASE_URL", "PORT",
              "HOST", "K_SERVICE", "CLOUD_RUN_JOB", "KUBERNETES_SERVICE_HOST", "PGHOST", "PGPORT", "PGUSER",
              "PGDATABASE", "PGPASSWORD", "PGSSLMODE", "PGSERVICE", "NO_COLOR", "SCHEMAGATE_MODE",
              "SCHEMAGATE_LOCK_WAIT"}) {
            keep(name);
            ::unsetenv(name);
        }
        for (auto const& [name, value] : variables) {
            keep(name);
            ::setenv(name.c_str(), value.c_str(), 1);
        }
    }
    ~environment()
    {
        for (auto const& [name, value] : before_) {
            value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
        }
    }
    environment(environment const&) = delete;
    environment& operator=(environment const&) = delete;

private:
    void keep(std::string const& name)
    {
        auto const* const value = std::getenv(name.c_str());
        before_.try_emplace(name, value ? std::optional<std::string>{value} : std::nullopt);
    }
    std::map<std::string, std::optional<std::string>> before_;
};

/// While it lives, a file descriptor of the process writes to a temporary file.
class redirected
{
public:
    explicit redirected(int fd) : fd_{fd}, before_{::dup(fd)}, file_{std::tmpfile()}
    {
        ::dup2(::fileno(file_), fd_);
    }
    ~redirected()
    {
        ::dup2(before_, fd_);
        ::close(before_);
        std::fclose(file_);
    }
    redirected(redirected const&) = delete;
    redirected& operator=(redirected const&) = delete;

    [[nodiscard]] std::string text() const
    {
        std::string out;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) {
            out += static_cast<char>(c);
        }
        return out;
    }

private:
    int fd_;
    int before_;
    std::FILE* file_;
};

/// While it lives, stdin reads this text.
class piped
{
public:
    explicit piped(std::string const& text) : before_{::dup(STDIN_FILENO)}, file_{std::tmpfile()}
    {
        std::fwrite(text.data(), 1, text.size(), file_);
        std::fflush(file_);
        std::rewind(file_);
        ::dup2(::fileno(file_), STDIN_FILENO);
    }
    ~piped()
    {
        ::dup2(before_, STDIN_FILENO);
        ::close(before_);
        std::fclose(file_);
    }
    piped(piped const&) = delete;
    piped& operator=(piped const&) = delete;

private:
    int before_;
    std::FILE* file_;
};

struct result
{
    int code = -1;
    std::string out;
    std::string err;

    [[nodiscard]] boost::json::object json() const { return boost::json::parse(out).as_object(); }
    [[nodiscard]] boost::json::object closing() const { return boost::json::parse(err).as_object(); }
};

inline result run(schemagate::command_line const& host, std::vector<std::string> arguments,
                  std::map<std::string, std::string> const& variables = {})
{
    environment const around{variables};
    arguments.insert(arguments.begin(), host.program);
    std::vector<char const*> argv;
    argv.reserve(arguments.size() + 1);
    for (auto const& argument : arguments) {
        argv.push_back(argument.c_str());
    }
    argv.push_back(nullptr);

    redirected const out{STDOUT_FILENO};
    redirected const err{STDERR_FILENO};
    result r;
    r.code = schemagate::run_command_line(host, static_cast<int>(arguments.size()), argv.data());
    r.out = out.text();
    r.err = err.text();
    return r;
}

/// The catalog of a host program: 0001_a, 0002_b and 0010_c.
inline schemagate::catalog const& shipped()
{
    static std::string const text = "select 1;\n";
    static std::string const checksum = schemagate::sha256_hex(text);
    static schemagate::script const scripts[] = {
        {.file = "0001_a.sql", .text = text, .checksum = checksum, .check = {}},
        {.file = "0002_b.sql", .text = text, .checksum = checksum, .check = {}},
        {.file = "0010_c.sql", .text = text, .checksum = checksum, .check = {}}};
    static schemagate::catalog const all{"test", scripts};
    return all;
}

/// What `serve` was called with.
struct served
{
    int calls = 0;
    schemagate::settings with;
    schemagate::listen_address at;
    schemagate::host_values own;
};

inline schemagate::command_line host(served* seen = nullptr, int code = 0)
{
    return {.program = "prompt-service",
            .version = "1.2.3",
            .shipped = &shipped(),
            .listener = {},
            .serve =
                [seen, code](schemagate::settings with, schemagate::listen_address at,
                             schemagate::host_values own) {
                    if (seen != nullptr) {
                        ++seen->calls;
                        seen->with = std::move(with);
                        seen->at = std::move(at);
                        seen->own = std::move(own);
                    }
                    return code;
                },
            .own_settings = {{"--answer", "HOST_ANSWER", "NUMBER", "a setting of the host"}},
            .own_commands = {{"sing", "a command of the host",
                              [](schemagate::settings const&, std::vector<std::string> const& words,
                                 schemagate::host_values const& own) {
                                  if (words.empty()) {
                                      throw std::invalid_argument{"sing needs a song."};
                                  }
                                  return static_cast<int>(words.size() * 10 + own.size());
                              }}}};
}

/// The `schemagate` program: no catalog, nothing to serve.
inline schemagate::command_line folder_program()
{
    return {.program = "schemagate", .version = "0.1.0", .shipped = nullptr, .listener = {}, .serve = {}};
}

} // namespace captured
