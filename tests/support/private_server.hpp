// A real PostgreSQL for the tests.
//
// A private cluster is made with initdb in a folder under /tmp, listens on a Unix socket and on a free port
// of 127.0.0.1, and ends with its owner, also when the test dies. As root it runs as an unprivileged account,
// since PostgreSQL refuses to run as root. It never syncs: nothing here has to survive a power cut.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "direct_sql.hpp"
#include "temporary_folder.hpp"

namespace support {

class private_server;

/// Dropped, with whoever is connected to it, when its scope ends.
class test_database
{
public:
    test_database(private_server& server, std::string name);
    test_database(test_database const&) = delete;
    test_database& operator=(test_database const&) = delete;
    ~test_database();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// As the role that owns the database and is nothing more.
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string admin_url() const;
    /// Asked as the administrator.
    [[nodiscard]] rows query(std::string const& sql) const { return support::query(admin_url(), sql); }
    [[nodiscard]] std::string value(std::string const& sql) const { return support::value(admin_url(), sql); }
    void run(std::string const& sql) const { static_cast<void>(query(sql)); }

private:
    private_server& server_;
    std::string name_;
};

struct server_options
{
    int max_connections = 60;
    std::vector<std::string> config{}; ///< further lines of postgresql.conf
    bool start = true;
};

class private_server
{
public:
    /// The password of owner(), for the tests that look for it where it must not be.
    static constexpr char const* password = "Owner-Pass-7731";
    static constexpr char const* owner = "backend";

    explicit private_server(server_options options = {});
    private_server(private_server const&) = delete;
    private_server& operator=(private_server const&) = delete;
    ~private_server();

    /// One for the whole test binary: TEST_DATABASE_URL where it is set (a role that may create databases and
    /// roles), else a private cluster.
    [[nodiscard]] static private_server& shared();

    [[nodiscard]] std::string url(std::string const& dbname) const;
    [[nodiscard]] std::string url(std::string const& dbname, std::string const& user,
                                  std::string const& password) const;
    [[nodiscard]] std::string admin_url(std::string const& dbname = "postgres") const;
    /// "" for the server of TEST_DATABASE_URL.
    [[nodiscard]] std::string socket_folder() const { return folder_ ? folder_->path().string() : ""; }
    [[nodiscard]] int port() const noexcept { return port_; }

    [[nodiscard]] std::unique_ptr<test_database> create_database();
    /// What the server wrote to its log so far (private clusters only).
    [[nodiscard]] std::string log() const;

    /// Returns when the server answers. Call from a thread that outlives the server.
    void start();
    void launch(); ///< the same without waiting
    void stop();   ///< "fast": ends its sessions and shuts down
    void kill();   ///< "immediate": as after a crash

private:
    struct external
    {};
    explicit private_server(external, std::string url);
    void make_cluster(server_options const& options);
    void make_owner() const;
    void end(int signal);

    std::string external_url_;
    std::unique_ptr<temporary_folder> folder_;
    int port_ = 0;
    pid_t pid_ = -1;
    std::atomic<int> databases_{0};
};

/// Where initdb and postgres are: PG_BINDIR, pg_config --bindir, or the newest /usr/lib/postgresql/*/bin.
[[nodiscard]] std::string postgres_bindir();

} // namespace support
