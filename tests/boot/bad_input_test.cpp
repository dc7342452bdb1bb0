// Everything an operator can get wrong, and what the boot says to it.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;
using support::holds;

TEST_CASE("DATABASE_URL: missing, empty or no URL is a configuration error", "[input]")
{
    auto const missing = prompt_service(support::environment{});
    INFO(missing.err);
    CHECK(missing.code == 78);
    CHECK_THAT(missing.message, holds("DATABASE_URL"));
    CHECK_FALSE(missing.fix.empty());

    auto const text =
        GENERATE("", " ", "not a url", "postgres", "mysql://u:Mistyped-Pass-1@h:3306/d",
                 "postgressql://u:Mistyped-Pass-1@h:5432/d", "postgresql://u:Mistyped-Pass-1@h:5432/d\n\n\"",
                 "${DATABASE_URL}", "jdbc:postgresql://h/d?password=Mistyped-Pass-1");
    auto const done = prompt_service({{"DATABASE_URL", text}});
    INFO(text << "\n" << done.err);
    CHECK(done.code == 78);
    CHECK_THAT(done.message, holds("DATABASE_URL"));
    CHECK_FALSE(done.fix.empty());
    CHECK((done.out + done.err).find("Mistyped-Pass") == std::string::npos);
}

TEST_CASE("SCHEMAGATE_CONNECT_WAIT: a server that is down is retried until the deadline, then exit 69",
          "[input]")
{
    auto const port = std::to_string(support::free_port());
    auto const done =
        prompt_service({{"DATABASE_URL", "postgresql://u:Down-Pass-11@127.0.0.1:" + port + "/d"},
                        {"SCHEMAGATE_CONNECT_WAIT", "1s"}});
    INFO(done.out << done.err);
    CHECK(done.code == 69);
    CHECK(done.code_name == "unreachable");
    CHECK_THAT(done.message, holds("127.0.0.1:" + port));
    CHECK(done.took >= 500ms);
    CHECK(done.took < 50s); // not the default of 60 s
}

TEST_CASE("SCHEMAGATE_CONNECT_WAIT: by default a server that starts after the process is waited for",
          "[input]")
{
    support::private_server server;
    auto const database = server.create_database();
    server.stop();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    CHECK(backend.get("/livez").status == 200);
    CHECK(backend.get("/readyz").status == 503);
    CHECK(backend.in_state("connecting"));
    server.start();
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_CONNECT_WAIT: a refused password, role or database ends the boot without it", "[input]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    auto const wrong =
        prompt_service({{"DATABASE_URL", server.url(database->name(), "backend", "Wrong-Pass-5512")}});
    INFO(wrong.out << wrong.err);
    CHECK(wrong.code == 78);
    CHECK(wrong.code_name == "authentication-failed");
    CHECK(wrong.err.find("outcome=retrying") == std::string::npos);
    CHECK((wrong.out + wrong.err).find("Wrong-Pass-5512") == std::string::npos);

    auto const missing = prompt_service({{"DATABASE_URL", server.url("no_such_database")}});
    INFO(missing.err);
    CHECK(missing.code == 78);
    CHECK(missing.code_name == "database-missing");
    CHECK_THAT(missing.message, holds("no_such_database"));
    CHECK(missing.err.find("outcome=retrying") == std::string::npos);
}

TEST_CASE("a role that may not create is told the GRANT to run", "[input]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    database->run("create role reader_only login password 'Reader-Pass-77'");
    auto const done =
        prompt_service({{"DATABASE_URL", server.url(database->name(), "reader_only", "Reader-Pass-77")}});
    database->run("drop role reader_only");
    INFO(done.err);
    CHECK(done.code == 77);
    CHECK(done.code_name == "permission-denied");
    CHECK_THAT(done.fix, holds("GRANT"));
    CHECK_THAT(done.fix, holds("reader_only"));
}

TEST_CASE("SCHEMAGATE_CONNECT_WAIT: too many connections are waited for", "[input]")
{
    support::private_server server{{.max_connections = 6}};
    auto const database = server.create_database();
    auto held = std::make_unique<std::vector<support::sql_session>>();
    for (int i = 0; i < 3; ++i) { // three more are kept for administrators
        held->emplace_back(database->url());
    }
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    CHECK(backend.get("/readyz").status == 503);
    held.reset();
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
