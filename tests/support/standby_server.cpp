#include "standby_server.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>

#include "http_get.hpp"
#include "schemagate/testing/unprivileged.hpp"

namespace support {
namespace {

void until(std::string const& url, std::string const& sql, std::string const& log)
{
    for (auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};;) {
        try {
            if (value(url, sql) == "t") {
                return;
            }
        }
        catch (std::runtime_error const& e) { // not there yet
            if (std::chrono::steady_clock::now() > deadline) {
                throw std::runtime_error(std::string{e.what()} + "\n" + log);
            }
        }
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("the standby does not come to: " + sql);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

// PostgreSQL documentation, "Making a Base Backup Using the Low Level API": pg_basebackup does not lie beside
// every server that is tested on. Files that go while they are copied are what the API allows for.
void copy(private_server const& primary, std::filesystem::path const& data, std::filesystem::path const& log)
{
    sql_session backup{primary.admin_url()};
    auto const renamed = backup.value("select current_setting('server_version_num')::int >= 150000") == "t";
    auto const from = backup.value("show data_directory");
    backup(renamed ? "select pg_backup_start('standby', true)"
                   : "select pg_start_backup('standby', true, false)");
    static_cast<void>(schemagate::testing::run_unprivileged({"/bin/cp", "-a", from, data.string()}, log));
    auto const label = backup.value(renamed ? "select labelfile from pg_backup_stop(false)"
                                            : "select labelfile from pg_stop_backup(false, false)");
    std::filesystem::remove(data / "postmaster.pid");
    std::filesystem::remove(data / "postmaster.opts");
    auto const write = [&data](std::string const& file, std::string const& text) {
        std::ofstream{data / file, std::ios::app} << text;
        schemagate::testing::give_to_unprivileged(data / file);
    };
    write("backup_label", label);
    write("standby.signal", "");
    write("postgresql.auto.conf", "primary_conninfo = 'host=" + primary.socket_folder() +
                                      " port=" + std::to_string(primary.port()) + " user=postgres'\n");
}

} // namespace

server_options primary_options()
{
    return {.config = {"wal_level = replica", "max_wal_senders = 4", "max_replication_slots = 4"}};
}

standby_server::standby_server(private_server& primary) : port_{free_port()}
{
    auto const log = folder_.path() / "standby.log";
    auto const data = (folder_.path() / "data").string();
    schemagate::testing::give_to_unprivileged(folder_.path());
    copy(primary, data, log);
    pid_ = schemagate::testing::launch_unprivileged({schemagate::testing::postgres_bindir() + "/postgres",
                                                     "-D", data, "-c", "port=" + std::to_string(port_), "-c",
                                                     "unix_socket_directories=" + folder_.path().string(),
                                                     "-c", "hot_standby_feedback=on"},
                                                    log);
    until(admin_url(), "select pg_is_in_recovery()", content_of(log));
}

standby_server::~standby_server()
{
    ::kill(pid_, SIGQUIT);
    waitpid(pid_, nullptr, 0);
}

std::string standby_server::url(std::string const& dbname) const
{
    return "postgresql://" + std::string{private_server::owner} + ":" + private_server::password +
           "@127.0.0.1:" + std::to_string(port_) + "/" + dbname;
}

std::string standby_server::admin_url(std::string const& dbname) const
{
    return "postgresql:///" + dbname + "?user=postgres&host=" + percent_encoded(folder_.path().string()) +
           "&port=" + std::to_string(port_);
}

void standby_server::pause_replay() const
{
    static_cast<void>(query(admin_url(), "select pg_wal_replay_pause()"));
}

void standby_server::resume_replay() const
{
    static_cast<void>(query(admin_url(), "select pg_wal_replay_resume()"));
}

void standby_server::promote() const
{
    static_cast<void>(query(admin_url(), "select pg_promote()"));
    until(admin_url(), "select not pg_is_in_recovery()", "");
}

} // namespace support
