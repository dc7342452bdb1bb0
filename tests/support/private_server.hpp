// A real PostgreSQL for our own tests, which need more of it than an author's: its superuser, and its end.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "direct_sql.hpp"
#include "schemagate/testing/private_postgres.hpp"
#include "schemagate/testing/template_database.hpp"
#include "schemagate/testing/test_server.hpp"
#include "temporary_folder.hpp"

namespace support {

class private_server;

/// Dropped, with whoever is connected to it, when its scope ends.
class test_database
{
public:
    /// Empty, or a copy of the template of this name.
    test_database(private_server& server, std::string name, std::string const& of_template = "template1");
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

using server_options = schemagate::testing::private_postgres_options;

class private_server
{
public:
    /// The password of owner(), for the tests that look for it where it must not be.
    static constexpr char const* password = "Owner-Pass-7731";
    static constexpr char const* owner = "backend";

    explicit private_server(server_options options = {});
    private_server(private_server const&) = delete;
    private_server& operator=(private_server const&) = delete;

    /// One for the whole test binary: TEST_DATABASE_URL where it is set (a role that may create databases and
    /// roles), else a private cluster.
    [[nodiscard]] static private_server& shared();

    [[nodiscard]] std::string url(std::string const& dbname) const;
    [[nodiscard]] std::string url(std::string const& dbname, std::string const& user,
                                  std::string const& secret) const;
    [[nodiscard]] std::string admin_url(std::string const& dbname = "postgres") const;
    /// "" for the server of TEST_DATABASE_URL.
    [[nodiscard]] std::string socket_folder() const { return own_ ? own_->socket_folder() : ""; }

    [[nodiscard]] std::unique_ptr<test_database> create_database();
    /// A copy of a template, which was made as owner(): on of_templates().
    [[nodiscard]] std::unique_ptr<test_database>
    create_database(schemagate::testing::template_database& schema);
    [[nodiscard]] schemagate::testing::server& of_templates();

    // Of private clusters only: see schemagate::testing::private_postgres.
    [[nodiscard]] int port() const { return own_.value().port(); }
    [[nodiscard]] std::string log() const { return own_.value().log(); }
    void start() { own_.value().start(); }
    void launch() { own_.value().launch(); }
    void stop() { own_.value().stop(); }
    void kill() { own_.value().kill(); }

private:
    struct external
    {};
    explicit private_server(external, std::string url);
    void make_owner() const;

    std::string external_url_;
    std::optional<schemagate::testing::private_postgres> own_;
    std::optional<schemagate::testing::server> of_templates_;
    [[nodiscard]] std::string new_name();

    std::atomic<int> databases_{0};
};

} // namespace support
