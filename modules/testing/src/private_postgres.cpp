#include "schemagate/testing/private_postgres.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "admin_session.hpp"
#include "cluster_folder.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/testing/unprivileged.hpp"
#include "server_process.hpp"
#include "server_text.hpp"

namespace schemagate::testing {

class private_postgres::state
{
public:
    explicit state(private_postgres_options given) : options{std::move(given)}
    {
        if (options.password.empty()) {
            options.password = random_hex(24);
        }
    }

    [[nodiscard]] std::string data() const { return (folder.path() / "data").string(); }

    private_postgres_options options;
    std::string bindir = postgres_bindir();
    cluster_folder folder;
    int port = free_port();
    server_process process; // ends before its folder goes
};

namespace {

void write_configuration(std::filesystem::path const& file, std::string const& socket_folder, int port,
                         private_postgres_options const& options)
{
    std::ofstream out{file, std::ios::binary};
    out << "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 16MB\n"
           "listen_addresses = '127.0.0.1'\nmax_wal_senders = 0\nwal_level = minimal\n"
           "autovacuum = off\nmax_parallel_workers = 0\nrestart_after_crash = off\n"
           "password_encryption = 'scram-sha-256'\n" // PostgreSQL 13 would write md5
           "port = "
        << port << "\nunix_socket_directories = '" << socket_folder
        << "'\nmax_connections = " << options.max_connections << "\n";
    for (auto const& line : options.config) {
        out << line << "\n";
    }
}

} // namespace

private_postgres::private_postgres(private_postgres_options options)
    : state_{std::make_unique<state>(std::move(options))}
{
    if (state_->bindir.empty()) {
        throw failure{
            errc::setting_invalid,
            "no PostgreSQL was found: neither PG_BINDIR nor /usr/lib/postgresql nor pg_config leads "
            "to initdb.",
            "apt-get install postgresql, or set TEST_DATABASE_URL to a server for tests."};
    }
    auto const log = state_->folder.path() / "initdb.log";
    if (run_unprivileged({state_->bindir + "/initdb", "--no-sync", "--username=postgres", "--encoding=UTF8",
                          "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256",
                          "--pgdata=" + state_->data()},
                         log) != 0) {
        throw failure{errc::internal, state_->bindir + "/initdb failed: " + file_text(log)};
    }
    auto const configuration = std::filesystem::path{state_->data()} / "postgresql.conf";
    write_configuration(configuration, socket_folder(), port(), state_->options);
    give_to_unprivileged(configuration);
    if (state_->options.start) {
        start();
    }
}

private_postgres::~private_postgres()
{
    if (!state_->folder.kept()) {
        kill();
        return;
    }
    stop();
    auto const account = unprivileged_account();
    auto const control = (account.empty() ? "" : "runuser -u " + account + " -- ") + state_->bindir +
                         "/pg_ctl -D " + state_->data() + " -l " + state_->data() + "/log";
    say("first start the server of the kept databases again: " + control + " start; at the end: " + control +
        " stop; after seven days a test run removes " + socket_folder());
}

void private_postgres::launch()
{
    state_->process.launch({state_->bindir + "/postgres", "-D", state_->data()},
                           state_->folder.path() / "server.log");
}

void private_postgres::start()
{
    launch();
    database_url_text const as_admin{secret{socket_url("postgres")}, "the private PostgreSQL", {}};
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    for (;;) {
        try {
            admin_session admin{as_admin};
            auto const role = admin.literal(state_->options.role);
            if (admin.value("select 1 from pg_catalog.pg_roles where rolname = " + role).empty()) {
                admin("create role " + admin.identifier(state_->options.role) + " login createdb password " +
                      admin.literal(state_->options.password));
            }
            return;
        }
        catch (failure const& f) {
            if (state_->process.has_ended()) {
                throw failure{errc::unreachable, "the private PostgreSQL ended at once: " + log()};
            }
            if (std::chrono::steady_clock::now() > deadline) {
                throw failure{errc::unreachable, "the private PostgreSQL does not answer: " + f.message()};
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

void private_postgres::stop()
{
    state_->process.end(SIGINT);
}

void private_postgres::kill()
{
    state_->process.end(SIGQUIT);
}

void private_postgres::keep_folder() noexcept
{
    state_->folder.keep();
}

std::string private_postgres::url(std::string const& dbname) const
{
    return url(dbname, state_->options.role, state_->options.password);
}

std::string private_postgres::url(std::string const& dbname, std::string const& user,
                                  std::string const& password) const
{
    return "postgresql://" + url_encoded(user) + ":" + url_encoded(password) +
           "@127.0.0.1:" + std::to_string(port()) + "/" + url_encoded(dbname);
}

std::string private_postgres::socket_url(std::string const& dbname, std::string const& user) const
{
    return "postgresql:///" + url_encoded(dbname) + "?user=" + url_encoded(user) +
           "&host=" + socket_folder() + "&port=" + std::to_string(port());
}

std::string private_postgres::socket_folder() const
{
    return state_->folder.path().string();
}

int private_postgres::port() const noexcept
{
    return state_->port;
}

std::string private_postgres::log() const
{
    return file_text(state_->folder.path() / "server.log");
}

} // namespace schemagate::testing
