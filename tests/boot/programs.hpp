// The real binaries, as an operator meets them: environment in, exit code, output and HTTP out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "child_process.hpp"
#include "http_get.hpp"
#include "private_server.hpp"

namespace programs {

/// The one JSON line that ends every boot's start, found in stderr; an empty object if there is none.
[[nodiscard]] boost::json::object closing_line(std::string const& err);
/// "" where the line has no such text.
[[nodiscard]] std::string text(boost::json::object const& line, std::string const& key);

/// A program that ran to its end, and its closing line.
struct ended
{
    int code = -1;
    std::string code_name; ///< "checksum-mismatch", or "" after a success
    std::string message;
    std::string fix;
    std::string script;
    boost::json::object closing;
    std::string out;
    std::string err;
    std::chrono::milliseconds took{0};
};

[[nodiscard]] ended prompt_service(std::vector<std::string> const& arguments,
                                   support::environment const& variables);
[[nodiscard]] ended prompt_service(support::environment const& variables);

/// A folder of scripts and the `schemagate --from` program on it.
class script_folder
{
public:
    explicit script_folder(support::test_database const& database) : url_{database.url()} {}

    void write(std::string const& file, std::string_view sql) const
    {
        folder_.write("migrations/" + file, sql);
    }
    void remove(std::string const& file) const { folder_.remove("migrations/" + file); }
    [[nodiscard]] std::string path() const { return (folder_.path() / "migrations").string(); }

    /// `options` stand before the command.
    [[nodiscard]] ended migrate(support::environment variables = {},
                                std::vector<std::string> const& options = {}) const;
    [[nodiscard]] std::unique_ptr<support::child_process>
    start_migrate(support::environment variables = {}) const;

private:
    std::string url_;
    support::temporary_folder folder_{"sql"};
};

/// `prompt-service` serving on a port of its own.
class service
{
public:
    /// DATABASE_URL and whatever else; HOST and PORT are added.
    explicit service(support::environment variables);

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] support::child_process& process() noexcept { return process_; }

    [[nodiscard]] support::http_answer get(std::string const& target) const
    {
        return support::http_get(port_, target);
    }
    [[nodiscard]] bool is_ready(std::chrono::milliseconds limit = std::chrono::seconds{30}) const;
    [[nodiscard]] bool in_state(std::string const& state,
                                std::chrono::milliseconds limit = std::chrono::seconds{30}) const;
    [[nodiscard]] boost::json::object closing() const { return closing_line(process_.err()); }
    /// SIGTERM, and the exit code; -1 if it does not end within the limit.
    int terminate(std::chrono::milliseconds limit = std::chrono::seconds{5});

private:
    int port_;
    support::child_process process_;
};

/// The prompt service's migrations: how many there are, how many of them an empty database needs, and the
/// newest's version.
[[nodiscard]] int migrations();
[[nodiscard]] int migrations_on_empty();
[[nodiscard]] std::string newest_version();

/// With the prompt service's schema, as a boot of it leaves it: a copy of a template.
[[nodiscard]] std::unique_ptr<support::test_database> migrated_database();

/// Holds the lock that boots of this catalog try to get, as a stranger would, until its end.
[[nodiscard]] support::sql_session hold_boot_lock(support::test_database const& database,
                                                  std::string const& catalog = "prompt-service");

/// Asks the server until the answer's first cell is 't'.
[[nodiscard]] bool becomes_true(support::test_database const& database, std::string const& sql,
                                std::chrono::milliseconds limit = std::chrono::seconds{20});

/// A backend of this database sleeps in pg_sleep().
extern std::string const somebody_sleeps;
/// Nobody holds an advisory lock in this database.
extern std::string const lock_is_free;
/// Only the asking session is connected to this database.
extern std::string const nobody_connected;

} // namespace programs
