#include "private_server.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "http_get.hpp"
#include "unprivileged.hpp"

namespace support {
namespace {

std::string with_database(std::string const& url, std::string const& dbname)
{
    auto const question = url.find('?');
    auto const head = url.substr(0, question);
    auto const slash = head.find('/', head.find("://") + 3);
    return head.substr(0, slash) + "/" + dbname + (question == std::string::npos ? "" : url.substr(question));
}

std::string with_user(std::string const& url, std::string const& user, std::string const& password)
{
    auto const begin = url.find("://") + 3;
    auto const slash = url.find('/', begin);
    auto const at = url.rfind('@', slash);
    auto const host = at == std::string::npos || at < begin ? begin : at + 1;
    return "postgresql://" + percent_encoded(user) + ":" + percent_encoded(password) + "@" + url.substr(host);
}

} // namespace

test_database::test_database(private_server& server, std::string name)
    : server_{server}, name_{std::move(name)}
{
    static_cast<void>(
        support::query(server_.admin_url(), "create database " + name_ + " owner " + server_.owner));
}

test_database::~test_database()
{
    try {
        static_cast<void>(
            support::query(server_.admin_url(), "drop database if exists " + name_ + " with (force)"));
    }
    catch (std::exception const&) {
        // The server may be down on purpose; its folder goes with it.
    }
}

std::string test_database::url() const
{
    return server_.url(name_);
}
std::string test_database::admin_url() const
{
    return server_.admin_url(name_);
}

private_server::private_server(server_options options)
{
    make_cluster(options);
    if (options.start) {
        start();
        make_owner();
    }
}

private_server::private_server(external, std::string url) : external_url_{std::move(url)}
{
    make_owner();
}

private_server::~private_server()
{
    kill();
}

private_server& private_server::shared()
{
    static auto const server = [] {
        char const* given = std::getenv("TEST_DATABASE_URL");
        return given != nullptr && *given != '\0'
                   ? std::unique_ptr<private_server>{new private_server{external{}, given}}
                   : std::make_unique<private_server>();
    }();
    return *server;
}

void private_server::make_cluster(server_options const& options)
{
    folder_ = std::make_unique<temporary_folder>("pg");
    port_ = free_port();
    auto const bindir = postgres_bindir();
    auto const data = folder_->path() / "data";
    give_to_unprivileged(folder_->path());
    auto const made = run_unprivileged({bindir + "/initdb", "--no-sync", "--username=postgres",
                                        "--encoding=UTF8", "--locale=C", "--auth-local=trust",
                                        "--auth-host=scram-sha-256", "--pgdata=" + data.string()},
                                       folder_->path() / "initdb.log");
    if (made != 0) {
        throw std::runtime_error("initdb failed: " + content_of(folder_->path() / "initdb.log"));
    }
    std::string config =
        "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 16MB\n"
        "listen_addresses = '127.0.0.1'\nmax_wal_senders = 0\nwal_level = minimal\n"
        "autovacuum = off\nmax_parallel_workers = 0\nrestart_after_crash = off\n"
        "password_encryption = 'scram-sha-256'\n"; // PostgreSQL 13 would write md5
    config += "port = " + std::to_string(port_) + "\n";
    config += "unix_socket_directories = '" + folder_->path().string() + "'\n";
    config += "max_connections = " + std::to_string(options.max_connections) + "\n";
    for (auto const& line : options.config) {
        config += line + "\n";
    }
    folder_->write("data/postgresql.conf", config);
    give_to_unprivileged(data / "postgresql.conf");
}

void private_server::make_owner() const
{
    sql_session admin{admin_url()};
    if (admin("select 1 from pg_roles where rolname = " + sql_literal(owner)).empty()) {
        admin("create role " + std::string{owner} + " login password " + sql_literal(password));
    }
}

void private_server::launch()
{
    auto const data = (folder_->path() / "data").string();
    pid_ = launch_unprivileged({postgres_bindir() + "/postgres", "-D", data}, folder_->path() / "server.log");
}

void private_server::start()
{
    launch();
    for (auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};;) {
        try {
            sql_session const answered{admin_url()};
            return;
        }
        catch (std::runtime_error const& e) {
            int raw = 0;
            if (waitpid(pid_, &raw, WNOHANG) == pid_) {
                pid_ = -1;
                throw std::runtime_error("the private PostgreSQL ended at once:\n" + log());
            }
            if (std::chrono::steady_clock::now() > deadline) {
                throw std::runtime_error(std::string{"the private PostgreSQL does not answer: "} + e.what());
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

void private_server::end(int signal)
{
    if (pid_ > 0) {
        ::kill(pid_, signal);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

void private_server::stop()
{
    end(SIGINT);
}
void private_server::kill()
{
    end(SIGQUIT);
}

std::string private_server::log() const
{
    return folder_ ? content_of(folder_->path() / "server.log") : "";
}

std::string private_server::url(std::string const& dbname) const
{
    return url(dbname, owner, password);
}

std::string private_server::url(std::string const& dbname, std::string const& user,
                                std::string const& secret) const
{
    if (!external_url_.empty()) {
        return with_user(with_database(external_url_, dbname), user, secret);
    }
    return "postgresql://" + percent_encoded(user) + ":" + percent_encoded(secret) +
           "@127.0.0.1:" + std::to_string(port_) + "/" + dbname;
}

std::string private_server::admin_url(std::string const& dbname) const
{
    if (!external_url_.empty()) {
        return with_database(external_url_, dbname);
    }
    return "postgresql:///" + dbname + "?user=postgres&host=" + percent_encoded(socket_folder()) +
           "&port=" + std::to_string(port_);
}

std::unique_ptr<test_database> private_server::create_database()
{
    auto const name =
        std::string{"t"}.append(std::to_string(getpid())).append("_").append(std::to_string(++databases_));
    return std::make_unique<test_database>(*this, name);
}

} // namespace support
