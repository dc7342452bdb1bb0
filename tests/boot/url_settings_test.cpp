// Where the connection comes from, and which ways to the server are good enough.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

struct fixture
{
    support::private_server& server = support::private_server::shared();
    std::unique_ptr<support::test_database> database = server.create_database();
    support::temporary_folder folder{"url"};

    /// As a secret is mounted: one line, readable by us alone.
    [[nodiscard]] std::string in_file(std::string const& name, std::string const& text) const
    {
        auto const file = folder.write(name, text);
        std::filesystem::permissions(file, std::filesystem::perms::owner_read);
        return file.string();
    }
    [[nodiscard]] std::string nowhere() const { return server.url("no_such_database"); }
    void check_migrates(support::environment const& with) const
    {
        auto const done = prompt_service({"migrate"}, with);
        INFO(done.err);
        CHECK(done.code == 0);
        CHECK(database->value("select count(*) from schemagate.history") == std::to_string(migrations()));
    }
    /// Over the server's socket, where pg_hba.conf trusts.
    [[nodiscard]] std::string over_socket(std::string const& further_host = "") const
    {
        return "postgresql://backend@/" + database->name() +
               "?host=" + support::percent_encoded(server.socket_folder()) + further_host +
               "&port=" + std::to_string(server.port());
    }
};

ended refused(support::environment const& with)
{
    auto done = prompt_service({"migrate"}, with);
    INFO(done.err);
    CHECK(done.code == 78);
    CHECK_FALSE(done.fix.empty());
    return done;
}

constexpr auto credentials = "CREDENTIALS_DIRECTORY";

} // namespace

TEST_CASE_METHOD(fixture, "DATABASE_URL: names the database that is migrated and serves", "[settings]")
{
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    CHECK(backend.get("/v1/prompts/nlu_topic_extraction").status == 200);
    CHECK_THAT(backend.process().err(), holds("source=DATABASE_URL\n") || holds("source=DATABASE_URL "));
    CHECK(backend.terminate() == 0);
    check_migrates({{"DATABASE_URL", database->url()}});
}

TEST_CASE_METHOD(fixture, "DATABASE_URL_FILE: one newline at its end is left out", "[settings]")
{
    auto const ending = GENERATE("", "\n", "\r\n");
    check_migrates({{"DATABASE_URL_FILE", in_file("url", database->url() + ending)}});
    CHECK(refused({{"DATABASE_URL_FILE", in_file("two", database->url() + "\n\n")}}).code_name ==
          "file-has-lines");
}

TEST_CASE_METHOD(fixture, "DATABASE_URL_FILE: together with DATABASE_URL it is an error", "[settings]")
{
    auto const both =
        refused({{"DATABASE_URL_FILE", in_file("url", database->url())}, {"DATABASE_URL", database->url()}});
    CHECK_THAT(both.message, holds("DATABASE_URL and DATABASE_URL_FILE"));
}

TEST_CASE_METHOD(fixture, "$CREDENTIALS_DIRECTORY/database_url: is read where neither variable is set",
                 "[settings]")
{
    static_cast<void>(in_file("database_url", database->url() + "\n"));
    auto const here = folder.path().string();
    check_migrates({{credentials, here}});
    // Either variable goes first.
    CHECK(refused({{credentials, here}, {"DATABASE_URL", nowhere()}}).code_name == "database-missing");
    CHECK(refused({{credentials, here}, {"DATABASE_URL_FILE", in_file("elsewhere", nowhere())}}).code_name ==
          "database-missing");
    CHECK(refused({{credentials, here + "/without"}}).code_name == "url-missing");
}

TEST_CASE_METHOD(fixture, "MIGRATION_DATABASE_URL_FILE: is as good as the variable, and not beside it",
                 "[settings]")
{
    database->run("create role file_runtime login password 'Runtime-Pass-2'");
    support::environment with{
        {"DATABASE_URL", server.url(database->name(), "file_runtime", "Runtime-Pass-2")},
        {"MIGRATION_DATABASE_URL_FILE", in_file("migrating", database->url() + "\n")}};
    check_migrates(with);
    CHECK(database->value("select string_agg(distinct applied_by, ' ') from schemagate.history") ==
          support::private_server::owner);
    with["MIGRATION_DATABASE_URL"] = database->url();
    CHECK_THAT(refused(with).message, holds("MIGRATION_DATABASE_URL and MIGRATION_DATABASE_URL_FILE"));
    database->run("drop owned by file_runtime; drop role file_runtime");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_CONNECTION: tcp and any, the default, take a TCP host; socket does not",
                 "[settings]")
{
    support::environment with{{"DATABASE_URL", database->url()}};
    check_migrates(with);
    for (auto const* good : {"any", "tcp"}) {
        with["SCHEMAGATE_CONNECTION"] = good;
        check_migrates(with);
    }
    with["SCHEMAGATE_CONNECTION"] = "socket";
    auto const done = refused(with);
    CHECK(done.code_name == "connection-not-socket");
    CHECK_THAT(done.message, holds("SCHEMAGATE_CONNECTION is socket"));
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_CONNECTION: socket and any, the default, take a socket; tcp does not",
                 "[settings]")
{
    if (server.socket_folder().empty()) {
        SUCCEED("the server of TEST_DATABASE_URL has no socket that we know of");
        return;
    }
    support::environment with{{"DATABASE_URL", over_socket()}};
    check_migrates(with);
    for (auto const* good : {"any", "socket"}) {
        with["SCHEMAGATE_CONNECTION"] = good;
        check_migrates(with);
    }
    with["SCHEMAGATE_CONNECTION"] = "tcp";
    auto const done = refused(with);
    CHECK(done.code_name == "connection-not-tcp");
    CHECK_THAT(done.message, holds("SCHEMAGATE_CONNECTION is tcp"));
    // One way of several is enough: libpq tries them in turn.
    with["DATABASE_URL"] = over_socket(",127.0.0.1");
    check_migrates(with);
}

TEST_CASE("SCHEMAGATE_ACCEPT: a refusal becomes a warning, and says who accepted it", "[settings]")
{
    support::environment with{{"DATABASE_URL", "postgresql://u:p@/db?host=/cloudsql/a:b:c"},
                              {"CLOUD_RUN_JOB", "job"},
                              {"SCHEMAGATE_CONNECT_WAIT", "1s"}};
    CHECK(refused(with).code_name == "socket-not-mounted");
    with["SCHEMAGATE_ACCEPT"] = "another-finding";
    CHECK(refused(with).code_name == "socket-not-mounted");
    with["SCHEMAGATE_ACCEPT"] = "another-finding, socket-not-mounted";
    auto const accepted = prompt_service(with);
    INFO(accepted.err);
    CHECK(accepted.code == 69); // it was tried, and really is not there
    CHECK_THAT(accepted.err, holds("accepted by the operator"));
}

TEST_CASE("SCHEMAGATE_TLS: warn, the default, only says that TLS is not required", "[settings]")
{
    support::environment with{{"DATABASE_URL", "postgresql://u:p@db.invalid:5432/db"},
                              {"SCHEMAGATE_CONNECT_WAIT", "0"}};
    for (auto const* policy : {"", "warn"}) {
        if (*policy != '\0') {
            with["SCHEMAGATE_TLS"] = policy;
        }
        auto const tried = prompt_service({"migrate"}, with);
        INFO(tried.err);
        CHECK(tried.code == 69);
        CHECK_THAT(tried.err, holds("finding=tls-not-required"));
    }
}

TEST_CASE("SCHEMAGATE_TLS: require and verify refuse anything weaker, before connecting", "[settings]")
{
    auto const with = [](std::string const& policy, std::string const& sslmode) {
        return support::environment{{"DATABASE_URL", "postgresql://u:p@db.invalid:5432/db" +
                                                         (sslmode.empty() ? "" : "?sslmode=" + sslmode)},
                                    {"SCHEMAGATE_TLS", policy},
                                    {"SCHEMAGATE_CONNECT_WAIT", "0"}};
    };
    for (auto const* weak : {"", "disable", "allow", "prefer"}) {
        INFO(weak);
        auto const done = refused(with("require", weak));
        CHECK(done.code_name == "tls-not-required");
        CHECK_THAT(done.message + done.fix, holds("SCHEMAGATE_TLS is require") && holds("sslmode=require"));
        CHECK(refused(with("verify", weak)).code_name == "tls-not-required");
    }
    CHECK(refused(with("verify", "require")).code_name == "tls-not-verified");
    CHECK(prompt_service({"migrate"}, with("require", "require")).code == 69); // it was tried
    CHECK(prompt_service({"migrate"}, with("require", "verify-full")).code == 69);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TLS: a server on this machine needs none", "[settings]")
{
    auto const policy = GENERATE("require", "verify");
    check_migrates({{"DATABASE_URL", database->url()}, {"SCHEMAGATE_TLS", policy}});
}

TEST_CASE("what no retry can fix ends in 78, at once", "[settings]")
{
    auto& server = support::private_server::shared();
    auto const url = server.url("postgres");
    for (auto const& with : std::vector<support::environment>{
             {{"DATABASE_URL", url + "?options=-c%20no_such_parameter%3D1"}},
             {{"DATABASE_URL", url + "?options=-c%20work_mem%3Dlots"}},
             {{"DATABASE_URL", url}, {"PGOPTIONS", "+x"}},
             {{"DATABASE_URL", "postgresql://?service=no_such_service"}},
             {{"DATABASE_URL", url}, {"PGSSLMODE", ""}},
             {{"DATABASE_URL", url + "?connect_timeout=10s"}},
             {{"DATABASE_URL", url + "?channel_binding=require&sslmode=disable"}}}) {
        auto const done = prompt_service({"migrate"}, with);
        INFO(done.err);
        CHECK(done.code == 78);
        CHECK(done.err.find("Tried for") == std::string::npos);
    }
}
