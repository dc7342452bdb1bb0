// A PostgreSQL of the tests' own: made by initdb in a temporary folder, ended with its owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace schemagate::testing {

struct private_postgres_options
{
    int max_connections = 60;
    std::vector<std::string> config{}; ///< further lines of postgresql.conf
    /// The role that owns the databases of tests: may create databases, and is nothing more, as a backend's
    /// role should be.
    std::string role = "backend";
    std::string password{}; ///< of that role; empty: a random one
    bool start = true;
};

/// Listens on a Unix socket in its folder (mode 0700) and on a free port of 127.0.0.1. Never syncs: nothing
/// in it has to survive a power cut. As root it runs as the account `postgres` or `nobody`, since PostgreSQL
/// refuses to run as root. The kernel ends it with this process, also when that is killed; a folder that is
/// left behind then is removed by the next run.
///
/// Not safe for use from several threads, except for the functions that are const.
class private_postgres
{
public:
    /// Throws failure if no PostgreSQL is installed (see postgres_bindir()), or if it does not start.
    explicit private_postgres(private_postgres_options options = {});
    private_postgres(private_postgres const&) = delete;
    private_postgres& operator=(private_postgres const&) = delete;
    ~private_postgres();

    /// Over TCP, as the role of the options.
    [[nodiscard]] std::string url(std::string const& dbname) const;
    [[nodiscard]] std::string url(std::string const& dbname, std::string const& user,
                                  std::string const& password) const;
    /// Over the socket, without a password: as the superuser `postgres`, or another role.
    [[nodiscard]] std::string socket_url(std::string const& dbname,
                                         std::string const& user = "postgres") const;
    [[nodiscard]] std::string socket_folder() const;
    [[nodiscard]] int port() const noexcept;
    [[nodiscard]] std::string log() const; ///< what the server wrote to its log so far

    void start();  ///< returns once the server answers
    void launch(); ///< the same without waiting
    void stop();   ///< "fast": ends its sessions and shuts down
    void kill();   ///< "immediate": as after a crash

    /// Leaves the folder where it is when this object ends, for seven days, and says on stderr how to start
    /// the server again.
    void keep_folder() noexcept;

private:
    class state;
    std::unique_ptr<state> state_;
};

/// Where initdb and postgres are: PG_BINDIR, the newest /usr/lib/postgresql/*/bin, or what pg_config says;
/// "" if there is none.
[[nodiscard]] std::string postgres_bindir();

/// A TCP port of 127.0.0.1 that nobody listens on at the moment.
[[nodiscard]] int free_port();

} // namespace schemagate::testing
