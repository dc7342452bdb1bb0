// What may stand in a command line, and what is said about the rest.
#include <algorithm>
#include <stdexcept>

#include "captured_run.hpp"
#include "catch.hpp"

using namespace captured;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

result usage_error(schemagate::command_line const& program, std::vector<std::string> arguments,
                   std::string const& command = "")
{
    auto r = run(program, std::move(arguments), {{"DATABASE_URL", "postgresql://u:p@127.0.0.1:1/d"}});
    INFO(r.out << r.err);
    CHECK(r.code == 64);
    CHECK(r.out.empty());
    CHECK_THAT(r.err, StartsWith(program.program + ": "));
    CHECK_THAT(r.err, EndsWith("Run \"" + program.program + command + " --help\".\n"));
    CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
    return r;
}

} // namespace

TEST_CASE("--help and --version print to stdout and end with 0", "[command_line]")
{
    auto const help = run(host(), {"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (char const* word : {"serve", "migrate", "status", "plan", "verify", "url", "--json",
                             "--lock-wait", "SCHEMAGATE_LOCK_WAIT", "--port", "DATABASE_URL"}) {
        CHECK_THAT(help.out, Contains(word));
    }
    CHECK_THAT(run(host(), {"migrate", "--help"}).out, Contains("--dry-run") && Contains("--to"));
    auto const version = run(host(), {"--version"});
    CHECK(version.code == 0);
    CHECK(version.out == "prompt-service 1.2.3\n");
}

TEST_CASE("without a subcommand the host serves, and its exit code is the program's", "[command_line]")
{
    served seen;
    CHECK(run(host(&seen, 7), {}).code == 7);
    CHECK(run(host(&seen), {"serve"}).code == 0);
    CHECK(seen.calls == 2);
    CHECK(seen.with.application == "prompt-service");
    CHECK(seen.with.application_version == "1.2.3");
}

TEST_CASE("a host's own settings are flags, which go before the environment", "[command_line]")
{
    served seen;
    CHECK(run(host(&seen), {"serve"}, {{"HOST_ANSWER", "41"}, {"HOST_OTHER", "1"}}).code == 0);
    CHECK(seen.own == schemagate::host_values{{"HOST_ANSWER", "41"}});
    CHECK(run(host(&seen), {"--answer", "42"}, {{"HOST_ANSWER", "41"}}).code == 0);
    CHECK(seen.own.at("HOST_ANSWER") == "42");
    CHECK(run(host(&seen), {}).code == 0);
    CHECK(seen.own.empty());
    CHECK_THAT(run(host(), {"--help"}).out,
               Contains("--answer") && Contains("HOST_ANSWER") && Contains("sing"));
    CHECK_THAT(usage_error(host(), {"--answr=1"}).err, Contains("did you mean --answer?"));
}

TEST_CASE("a host's own command gets its words", "[command_line]")
{
    CHECK(run(host(), {"sing", "la", "--loud"}).code == 20);
    CHECK(run(host(), {"--answer=1", "sing", "la"}).code == 11);
    CHECK_THAT(usage_error(host(), {"sing"}).err, Contains("sing needs a song."));
}

TEST_CASE("a near miss of a subcommand or an option is named", "[command_line]")
{
    CHECK_THAT(usage_error(host(), {"migrat"}).err, Contains("did you mean migrate?"));
    CHECK_THAT(usage_error(host(), {"--lock-wiat", "5s"}).err, Contains("did you mean --lock-wait?"));
    CHECK_THAT(usage_error(host(), {"--lock-wiat=5s"}).err, Contains("did you mean --lock-wait?"));
    CHECK_THAT(usage_error(host(), {"url", "chek"}).err, Contains("did you mean check?"));
}

TEST_CASE("an argument that nothing takes is not repeated, since it may be a password", "[command_line]")
{
    auto const arguments =
        GENERATE(std::vector<std::string>{"Hunter2Xq"}, std::vector<std::string>{"status", "Hunter2Xq"},
                 std::vector<std::string>{"--Hunter2Xq"}, std::vector<std::string>{"--pw=Hunter2Xq"},
                 std::vector<std::string>{"migrate", "--json=Hunter2Xq"},
                 std::vector<std::string>{"-pHunter2Xq"}, std::vector<std::string>{"--", "Hunter2Xq"});
    CHECK_THAT(usage_error(host(), arguments).err, !Contains("Hunter2Xq"));
}

TEST_CASE("a connection string among the arguments is refused, not shown and not used", "[command_line]")
{
    auto const argument = GENERATE(
        "postgresql://app:Hunter2Xq@db/app", "POSTGRES://app:Hunter2Xq@db/app", "app:Hunter2Xq@db/app",
        "--database-url=Hunter2Xq", "--url=postgresql://app:Hunter2Xq@db/app", "DATABASE_URL=Hunter2Xq",
        "host=db user=app password=Hunter2Xq", "PGPASSWORD=Hunter2Xq", "--mode=postgresql://a:Hunter2Xq@b/c");
    for (std::string const subcommand : {"serve", "status", "migrate"}) {
        auto const r = usage_error(host(), {subcommand, argument});
        CHECK_THAT(r.err, !Contains("Hunter2Xq"));
        CHECK_THAT(r.err,
                   Contains("every user of this machine can read argv") && Contains("DATABASE_URL_FILE"));
    }
    CHECK_THAT(usage_error(host(), {"url", "check", argument}, " url check").err, !Contains("Hunter2Xq"));
}

TEST_CASE("an option without its value, or twice, is named", "[command_line]")
{
    CHECK_THAT(usage_error(host(), {"--lock-wait"}).err, Contains("--lock-wait takes one value"));
    CHECK_THAT(usage_error(host(), {"--lock-wait", "1s", "--lock-wait", "2s"}).err,
               Contains("--lock-wait takes one"));
    CHECK_THAT(usage_error(host(), {"migrate", "--to"}).err, Contains("--to takes one value"));
    CHECK_THAT(usage_error(host(), {"--history-schema=", "status"}).err, Contains("has no value"));
}

TEST_CASE("a mistake in the arguments of url check or url rewrite points to their own help", "[command_line]")
{
    CHECK_THAT(usage_error(host(), {"url", "rewrite", "--hots", "x"}, " url rewrite").err,
               Contains("did you mean --host?"));
    usage_error(host(), {"--json", "url", "rewrite", "--set", "x"}, " url rewrite");
    usage_error(host(), {"url", "check", "--sdtin"}, " url check");
    for (auto const* command : {"check", "rewrite"}) {
        auto const help = run(host(), {"url", command, "--help"});
        CHECK(help.code == 0);
        CHECK_THAT(help.out, Contains("--stdin") && Contains("--variable"));
    }
}

TEST_CASE("a password as an argument is not shown, and the way to give one is", "[command_line]")
{
    for (auto const* option : {"--password", "--pass", "-W"}) {
        auto const r = usage_error(host(), {"url", "rewrite", option, "Hunter2Xq"}, " url rewrite");
        CHECK_THAT(r.err, Contains("--password-file FILE") && !Contains("Hunter2Xq"));
    }
    CHECK_THAT(usage_error(host(), {"url", "rewrite", "--password=Hunter2Xq"}, " url rewrite").err,
               Contains("--password-file FILE") && !Contains("Hunter2Xq"));
}

TEST_CASE("options stand only with the commands that take them", "[command_line]")
{
    CHECK_THAT(usage_error(host(), {"--json"}).err, Contains("--json"));
    CHECK_THAT(usage_error(host(), {"serve", "--json"}).err, Contains("--json"));
    CHECK_THAT(usage_error(host(), {"status", "--port", "80"}).err, Contains("--port"));
    CHECK_THAT(usage_error(host(), {"migrate", "--mode", "wait"}).err, Contains("--mode"));
    CHECK_THAT(usage_error(host(), {"status", "--dry-run"}).err, Contains("--dry-run"));
    CHECK_THAT(usage_error(host(), {"status", "plan"}).err, Contains("plan"));
    CHECK_THAT(usage_error(host(), {"url"}).err, Contains("url check"));
    CHECK_THAT(usage_error(host(), {"status", "--from", "/tmp"}).err, !Contains("/tmp"));
}

TEST_CASE("the program without a host wants a subcommand and a folder", "[command_line]")
{
    CHECK_THAT(usage_error(folder_program(), {}).err, Contains("a subcommand is missing"));
    CHECK_THAT(usage_error(folder_program(), {"--from", "/nowhere"}).err,
               Contains("a subcommand is missing"));
    CHECK_THAT(usage_error(folder_program(), {"status"}).err, Contains("--from DIR is missing"));
    CHECK_THAT(usage_error(folder_program(), {"status", "--from", "/nowhere", "--catalog", "a\xff"}).err,
               Contains("--catalog is not UTF-8"));
    usage_error(folder_program(), {"serve"});
    usage_error(folder_program(), {"--mode", "wait", "status"});
}

TEST_CASE("--to names a version of the catalog", "[command_line]")
{
    CHECK_THAT(usage_error(host(), {"migrate", "--to", "3"}).err, Contains("the nearest are 0002 and 0010."));
    CHECK_THAT(usage_error(host(), {"migrate", "--to", "0"}).err, Contains("the nearest is 0001."));
    CHECK_THAT(usage_error(host(), {"migrate", "--to", "99999999999999999999999"}).err,
               Contains("the nearest is 0010."));
    CHECK_THAT(usage_error(host(), {"migrate", "--to", "0002_b"}).err,
               Contains("the digits before the first _"));
    CHECK_THAT(usage_error(host(), {"migrate", "--dry-run", "--to", "3"}).err, Contains("0002 and 0010"));
}

TEST_CASE("a flag goes before the environment, and either may stand behind the subcommand", "[command_line]")
{
    served seen;
    std::map<std::string, std::string> const variables{{"SCHEMAGATE_LOCK_WAIT", "1h"},
                                                       {"SCHEMAGATE_MODE", "wait"}};
    using namespace std::chrono_literals;
    REQUIRE(run(host(&seen), {"serve", "--lock-wait", "5s", "--accept=port-missing"}, variables).code == 0);
    CHECK(seen.with.lock_wait == 5s);
    CHECK(seen.with.mode == schemagate::mode::wait);
    CHECK(seen.with.url.accept.count("port-missing") == 1);
    REQUIRE(run(host(&seen), {"--lock-wait=7s", "--mode", "verify", "--log-sql", "serve"}, variables).code ==
            0);
    CHECK(seen.with.lock_wait == 7s);
    CHECK(seen.with.mode == schemagate::mode::verify);
    CHECK(seen.with.log_sql);
    // A wrong value that the flag replaces is nobody's any more.
    CHECK(run(host(), {"--lock-wait=7s"}, {{"SCHEMAGATE_LOCK_WAIT", "soon"}}).code == 0);
}

TEST_CASE("every setting of the environment has its flag", "[command_line]")
{
    using namespace std::chrono_literals;
    served seen;
    REQUIRE(run(host(&seen), {"--mode=skip", "--connection=tcp", "--connect-wait=1s", "--lock-wait=2s",
                              "--lock-timeout=3s", "--lock-retry=4s", "--statement-timeout=5s",
                              "--history-schema=ops", "--out-of-order=warn", "--newer=allow"})
                .code == 0);
    CHECK(seen.with.mode == schemagate::mode::skip);
    CHECK(seen.with.url.connection == schemagate::connection_method::tcp);
    CHECK(seen.with.connect_wait == 1s);
    CHECK(seen.with.lock_wait == 2s);
    CHECK(seen.with.lock_timeout == 3s);
    CHECK(seen.with.lock_retry == 4s);
    CHECK(seen.with.statement_timeout == 5s);
    CHECK(seen.with.history_schema == "ops");
    CHECK(seen.with.plan.out_of_order == schemagate::out_of_order_policy::warn);
    CHECK(seen.with.plan.newer == schemagate::newer_policy::allow);
}

TEST_CASE("a wrong value is reported by the name under which it was given", "[command_line]")
{
    auto const flag = run(host(), {"status", "--lock-wait", "soon"});
    CHECK(flag.code == 78);
    CHECK(flag.closing().at("code") == "setting-invalid");
    CHECK(flag.closing().at("message") == "--lock-wait is \"soon\", which is no duration.");
    CHECK_THAT(std::string{flag.closing().at("fix").as_string()}, Contains("--lock-wait=15min"));

    auto const variable = run(host(), {"status"}, {{"SCHEMAGATE_LOCK_WAIT", "soon"}});
    CHECK(variable.code == 78);
    CHECK(variable.closing().at("message") == "SCHEMAGATE_LOCK_WAIT is \"soon\", which is no duration.");
}

TEST_CASE("what a host throws ends in the closing line and its exit code", "[command_line]")
{
    auto program = host();
    program.serve = [](auto&&...) -> int {
        throw schemagate::failure{schemagate::errc::address_in_use, "m", "f"};
    };
    auto const refused = run(program, {});
    CHECK(refused.code == 78);
    CHECK(refused.closing().at("code") == "address-in-use");

    program.serve = [](auto&&...) -> int { throw std::runtime_error{"Hunter2Xq"}; };
    auto const broken = run(program, {});
    CHECK(broken.code == 70);
    CHECK(broken.closing().at("code") == "internal");
    CHECK_THAT(broken.err, !Contains("Hunter2Xq"));

    program.serve = [](auto&&...) -> int { throw 1; };
    CHECK(run(program, {}).code == 70);
}
