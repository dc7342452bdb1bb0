// The pair of addresses that the project began with: one that the place could not serve, and one that it
// could.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

constexpr char const* secret = "Incident-Pass-9173";

std::string of(std::string const& rest)
{
    return "postgresql://vividly:" + std::string{secret} + "@" + rest;
}

boost::json::object url_check(std::string const& url, int expected_code)
{
    auto const done = prompt_service({"url", "check", "--json"}, {{"DATABASE_URL", url}});
    INFO(done.out << done.err);
    REQUIRE(done.code == expected_code);
    CHECK((done.out + done.err).find(secret) == std::string::npos);
    return boost::json::parse(done.out).as_object();
}

bool has_finding(boost::json::object const& checked, std::string const& code)
{
    for (auto const& finding : checked.at("findings").as_array()) {
        if (text(finding.as_object(), "code") == code) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("a Cloud SQL socket that is not mounted is refused before connecting, with both ways out", "[url]")
{
    auto const job = GENERATE(true, false);
    support::environment variables{
        {"DATABASE_URL", of("/vividly?host=/cloudsql/vividly-prod:us-central1:vividly-db")}};
    if (job) {
        variables["CLOUD_RUN_JOB"] = "migrate";
    }
    auto const done = prompt_service(variables);
    INFO(done.out << done.err);
    CHECK(done.code == 78);
    CHECK(done.code_name == "socket-not-mounted");
    CHECK_THAT(done.message, holds("/cloudsql/vividly-prod:us-central1:vividly-db"));
    CHECK_THAT(done.fix, holds("cloudsql-instances"));
    CHECK_THAT(done.fix, holds("postgresql://"));
    CHECK((done.out + done.err).find(secret) == std::string::npos);
    CHECK(done.took < std::chrono::seconds{5});
}

TEST_CASE("a private address over TCP passes, and the absent port is only noted", "[url]")
{
    auto const with_port = url_check(of("10.240.0.3:5432/vividly"), 0);
    CHECK((text(with_port, "verdict") == "ok" || text(with_port, "verdict") == "warning"));
    CHECK_FALSE(has_finding(with_port, "port-default"));

    auto const without_port = url_check(of("10.240.0.3/vividly"), 0);
    CHECK((text(without_port, "verdict") == "ok" || text(without_port, "verdict") == "warning"));
    CHECK(has_finding(without_port, "port-default"));
}

TEST_CASE("a DATABASE_URL without a host is told so in a sentence", "[url]")
{
    // A server of this machine at the usual port would be one that may be meant, and only a warning.
    auto const done = prompt_service({{"DATABASE_URL", of("/vividly")}, {"PGPORT", "1"}});
    INFO(done.err);
    CHECK(done.code == 78);
    CHECK_THAT(done.message, holds("DATABASE_URL must have a host, or name a socket"));
    CHECK_FALSE(done.fix.empty());
    CHECK((done.out + done.err).find(secret) == std::string::npos);
}

TEST_CASE("a port that cannot be one is told so in a sentence", "[url]")
{
    auto const port = GENERATE("0", "abc", "65536");
    auto const done = prompt_service({{"DATABASE_URL", of("10.240.0.3:" + std::string{port} + "/vividly")}});
    INFO(done.err);
    CHECK(done.code == 78);
    CHECK_THAT(done.message, holds("DATABASE_URL must have a port, or be a Unix socket"));
    CHECK((done.out + done.err).find(secret) == std::string::npos);
}

TEST_CASE("the same Cloud SQL form is served where the socket is there", "[url]")
{
    auto& server = support::private_server::shared();
    if (server.socket_folder().empty()) {
        SUCCEED("the server of TEST_DATABASE_URL has no socket that we know of");
        return;
    }
    auto const database = server.create_database();
    auto const url = "postgresql://backend:" + std::string{secret} + "@/" + database->name() +
                     "?host=" + support::percent_encoded(server.socket_folder()) +
                     "&port=" + std::to_string(server.port());
    service backend{{{"DATABASE_URL", url}}};
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
