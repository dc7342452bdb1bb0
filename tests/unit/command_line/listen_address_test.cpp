// PORT, HOST, --port and --host.
#include "captured_run.hpp"
#include "catch.hpp"

using namespace captured;
using Catch::Matchers::Contains;

namespace {

schemagate::listen_address address(std::vector<std::string> arguments,
                                   std::map<std::string, std::string> const& variables = {})
{
    served seen;
    auto const r = run(host(&seen), std::move(arguments), variables);
    INFO(r.err);
    REQUIRE(r.code == 0);
    return seen.at;
}

} // namespace

TEST_CASE("PORT and HOST are taken from the environment", "[listen]")
{
    auto const at = address({}, {{"PORT", "9000"}, {"HOST", "::1"}});
    CHECK(at.port == 9000);
    CHECK(at.host == "::1");
    CHECK(at.why == "host: HOST, port: PORT");
}

TEST_CASE("--port and --host go before the environment", "[listen]")
{
    auto const at =
        address({"--port", "0", "--host=localhost"}, {{"PORT", "nonsense"}, {"HOST", "also nonsense"}});
    CHECK(at.port == 0);
    CHECK(at.host == "localhost");
    CHECK(at.why == "host: --host, port: --port");
}

TEST_CASE("the port defaults to 8080", "[listen]")
{
    auto const at = address({}, {{"HOST", "127.0.0.1"}});
    CHECK(at.port == 8080);
    CHECK_THAT(at.why, Contains("port: default"));
}

TEST_CASE("where Cloud Run is recognised the service listens on every address", "[listen]")
{
    auto const at =
        address({}, {{"K_SERVICE", "s"}, {"K_REVISION", "r"}, {"K_CONFIGURATION", "c"}, {"PORT", "8081"}});
    CHECK(at.host == "0.0.0.0");
    CHECK(at.port == 8081);
    CHECK_THAT(at.why, Contains("Cloud Run"));
}

TEST_CASE("a bad PORT stops the boot with its name and an example", "[listen]")
{
    auto const value =
        GENERATE("", "abc", "-1", "65536", "80 ", " 80", "0x50", "80/tcp", "99999999999999999999");
    auto const r = run(host(), {}, {{"PORT", value}});
    INFO(r.err);
    CHECK(r.code == 78);
    CHECK(r.closing().at("code") == "setting-invalid");
    CHECK_THAT(std::string{r.closing().at("message").as_string()}, Contains("PORT is "));
    CHECK(r.closing().at("fix") == "Write for example PORT=8080.");
}

TEST_CASE("a bad --port is reported as --port", "[listen]")
{
    auto const r = run(host(), {"--port", "http"}, {{"PORT", "8080"}});
    CHECK(r.code == 78);
    CHECK(r.closing().at("message") == "--port is \"http\", which is no port: a number up to 65535.");
    CHECK(r.closing().at("fix") == "Write for example --port=8080.");
}

TEST_CASE("a bad HOST stops the boot, and a connection string in it is not shown", "[listen]")
{
    auto const value =
        GENERATE("", "two words", "a\nb", "http://x", "u:Hunter2Xq@h", "postgresql://u:Hunter2Xq@h/d");
    auto const r = run(host(), {}, {{"HOST", value}});
    INFO(r.err);
    CHECK(r.code == 78);
    CHECK(r.closing().at("code") == "setting-invalid");
    CHECK_THAT(r.err, !Contains("Hunter2Xq"));
    CHECK(r.closing().at("fix") == "Write for example HOST=127.0.0.1.");
}
