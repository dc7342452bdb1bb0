// `url check`: what people and programs read of it.
#include "captured_run.hpp"
#include "catch.hpp"

using namespace captured;
using Catch::Matchers::Contains;

namespace {

result checked(std::string const& url, bool json)
{
    std::vector<std::string> arguments{"url", "check"};
    if (json) {
        arguments.emplace_back("--json");
    }
    auto r = run(host(), arguments, {{"DATABASE_URL", url}});
    CHECK(r.err.empty());
    return r;
}

std::vector<std::string> keys(boost::json::object const& o)
{
    std::vector<std::string> names;
    for (auto const& entry : o) {
        names.emplace_back(entry.key());
    }
    return names;
}

} // namespace

TEST_CASE("the JSON of a good URL has exactly the keys of the contract", "[url_check]")
{
    auto const r = checked("postgresql://app:Hunter2Xq@10.240.0.3:5433/vividly?sslmode=require", true);
    INFO(r.out);
    CHECK(r.code == 0);
    CHECK(r.out.back() == '\n');
    CHECK_THAT(r.out, !Contains("Hunter2Xq"));
    auto const line = r.json();
    CHECK(keys(line) == std::vector<std::string>{"verdict", "findings", "effective", "redacted"});
    CHECK(line.at("verdict") == "ok");
    auto const& effective = line.at("effective").as_object();
    CHECK(keys(effective) ==
          std::vector<std::string>{"hosts", "ports", "dbname", "user", "transport", "sslmode"});
    CHECK(effective.at("hosts") == boost::json::array{"10.240.0.3"});
    CHECK(effective.at("ports") == boost::json::array{"5433"});
    CHECK(effective.at("dbname") == "vividly");
    CHECK(effective.at("user") == "app");
    CHECK(effective.at("transport") == "tcp");
    CHECK(effective.at("sslmode") == "require");
    CHECK_THAT(std::string{line.at("redacted").as_string()},
               Contains("postgresql://app:***@10.240.0.3:5433/vividly"));
}

TEST_CASE("a refused URL ends with 78 and tells code, message and fix", "[url_check]")
{
    auto const r = checked("postgresql://app:Hunter2Xq@/vividly?host=/cloudsql/p:r:i", true);
    INFO(r.out);
    CHECK(r.code == 78);
    CHECK_THAT(r.out, !Contains("Hunter2Xq"));
    auto const line = r.json();
    CHECK(line.at("verdict") == "error");
    auto const& first = line.at("findings").as_array().at(0).as_object();
    CHECK(keys(first) == std::vector<std::string>{"code", "severity", "message", "fix"});
    CHECK(first.at("code") == "socket-not-mounted");
    CHECK(first.at("severity") == "refuse");
    CHECK_FALSE(first.at("message").as_string().empty());
    CHECK_FALSE(first.at("fix").as_string().empty());
    CHECK(line.at("effective").as_object().at("hosts") == boost::json::array{"/cloudsql/p:r:i"});
    CHECK(line.at("effective").as_object().at("transport") == "socket");
}

TEST_CASE("a DATABASE_URL that is not set is the finding url-missing", "[url_check]")
{
    auto const r = run(host(), {"url", "check", "--json"});
    CHECK(r.code == 78);
    CHECK(r.err.empty());
    auto const line = r.json();
    CHECK(line.at("verdict") == "error");
    CHECK(line.at("findings").as_array().at(0).as_object().at("code") == "url-missing");
    CHECK(line.at("effective").is_null());
    CHECK(line.at("redacted") == "");
    CHECK_THAT(run(host(), {"url", "check"}).out, Contains("url-missing"));
}

TEST_CASE("two sources at once are a finding, not the end of the check", "[url_check]")
{
    auto const r =
        run(host(), {"url", "check", "--json"},
            {{"DATABASE_URL", "postgresql://u:Hunter2Xq@h/d"}, {"DATABASE_URL_FILE", "/run/secrets/url"}});
    CHECK(r.code == 78);
    CHECK(r.json().at("findings").as_array().size() == 1);
    CHECK_THAT(r.out, Contains("DATABASE_URL_FILE") && !Contains("Hunter2Xq"));
}

TEST_CASE("the text form shows the verdict, the effective values and the fix", "[url_check]")
{
    auto const good = checked("postgresql://app:Hunter2Xq@10.240.0.3:5433/vividly?sslmode=require", false);
    CHECK(good.code == 0);
    CHECK_THAT(good.out, Contains("verdict: ok\n") && Contains("10.240.0.3") && Contains("5433") &&
                             Contains("vividly") && Contains("app") && Contains("tcp") &&
                             Contains("require"));
    CHECK_THAT(good.out, !Contains("Hunter2Xq") && !Contains("\x1b"));

    auto const bad = checked("postgresql://app:Hunter2Xq@/vividly?host=/cloudsql/p:r:i", false);
    CHECK(bad.code == 78);
    CHECK_THAT(bad.out, Contains("verdict: error\n") && Contains("socket-not-mounted (refuse): ") &&
                            Contains("fix: "));
    CHECK_THAT(bad.out, !Contains("Hunter2Xq"));
}

TEST_CASE("no form of a mistyped URL shows a piece of its password", "[url_check]")
{
    std::vector<std::string> const passwords{
        "Xq7va/Xq7vb", "Xq7va@Xq7vb",    "Xq7va#Xq7vb",  "Xq7va?Xq7vb",   "Xq7va%zzXq7vb",
        "77001/77002", "Xq7va:77002",    "77001@77002",  "/77001@77002",  "77001?77002",
        "Xq7v Xq7v",   "a&b=Xq7v@77001", "77001#/77002", "@/:?#Xq7v#?:/@"};
    for (auto const& password : passwords) {
        std::vector<std::string> urls{"postgresql://app:" + password + "@db.example.com:5433/vividly",
                                      "postgres://:" + password + "@db:5433/vividly",
                                      "postgresql://app@db/vividly?password=" + password,
                                      "postgresql://app:" + password + "@/vividly?host=/cloudsql/p:r:i",
                                      "host=db.example.com user=app dbname=vividly password=" + password,
                                      "password=" + password + " host=db user=app",
                                      "app:" + password + "@db/vividly"};
        if (password.find('@') == password.npos) { // with one, what follows it is a host to every reader
            urls.push_back("postgresql://app:" + password);
        }
        for (auto const& url : urls) {
            for (bool const json : {false, true}) {
                auto const r = checked(url, json);
                INFO(url << "\n" << r.out);
                CHECK_THAT(r.out, !Contains("Xq7v") && !Contains("77001") && !Contains("77002"));
            }
        }
    }
}

TEST_CASE("control bytes of a URL reach neither form", "[url_check]")
{
    for (bool const json : {false, true}) {
        auto const r = checked("postgresql://app:p@db:5432/viv\x1b[2Jidly\x01?application_name=\xff", json);
        INFO(r.out);
        for (char const c : r.out.substr(0, r.out.size() - 1)) {
            CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
        }
    }
}

TEST_CASE("a wrong setting stops the check by its name, since it would stop the boot", "[url_check]")
{
    auto const r =
        run(host(), {"url", "check", "--connection", "pipe"}, {{"DATABASE_URL", "postgresql://u@h/d"}});
    CHECK(r.code == 78);
    CHECK(r.out.empty());
    CHECK_THAT(std::string{r.closing().at("message").as_string()}, Contains("--connection is \"pipe\""));
}

TEST_CASE("the policy for connections decides the verdict", "[url_check]")
{
    auto const url = std::map<std::string, std::string>{
        {"DATABASE_URL", "postgresql://u:p@10.0.0.1:5432/d?sslmode=require"}};
    CHECK(run(host(), {"url", "check", "--connection=tcp"}, url).code == 0);
    CHECK(run(host(), {"url", "check", "--connection=socket"}, url).code == 78);
}

TEST_CASE("a check takes no time and needs no server", "[url_check]")
{
    auto const begin = std::chrono::steady_clock::now();
    CHECK(checked("postgresql://u:p@no-such-host.invalid:5432/d?sslmode=require", true).code == 0);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{1});
}

TEST_CASE("a secret is checked on stdin before it is used, whatever the environment holds", "[url_check]")
{
    auto const good = std::string{"postgresql://app:Hunter2Xq@10.240.0.3:5433/vividly?sslmode=require"};
    auto const broken = std::map<std::string, std::string>{
        {"DATABASE_URL", "nonsense"}, {"MIGRATION_DATABASE_URL", "postgresql://u@h:x/d"}};
    for (auto const& [text, code] : std::vector<std::pair<std::string, int>>{
             {good, 0}, {good + "\r\n", 0}, {"postgresql://u:Hunter2Xq@h:x/d", 78}, {"", 78}, {"a\nb", 78}}) {
        piped const in{text};
        auto const r = run(host(), {"url", "check", "--stdin", "--json"}, broken);
        INFO(r.out << r.err);
        CHECK(r.code == code);
        CHECK_THAT(r.out + r.err, !Contains("Hunter2Xq"));
        CHECK((code == 0) == (r.json().at("verdict") != "error"));
    }
    piped const in{"postgresql://u:Hunter2Xq@h:5432/d?sslmode=require"};
    CHECK(run(host(), {"url", "check", "--stdin", "--connection=socket"}).code == 78);
}

TEST_CASE("--variable judges that one, and names it and its _FILE where it is not set", "[url_check]")
{
    auto const both =
        std::map<std::string, std::string>{{"DATABASE_URL", "postgresql://u:p@h:5432/d?sslmode=require"},
                                           {"MIGRATION_DATABASE_URL", "postgresql://m:p@h:port/d"}};
    auto const r = run(host(), {"url", "check", "--variable", "MIGRATION_DATABASE_URL"}, both);
    CHECK(r.code == 78);
    CHECK_THAT(r.out, Contains("MIGRATION_DATABASE_URL must have a port"));
    auto const unset = run(host(), {"url", "check", "--variable", "OTHER_URL"}, both);
    CHECK(unset.code == 78);
    CHECK_THAT(unset.out, Contains("url-missing (refuse): OTHER_URL is not set, nor is OTHER_URL_FILE.") &&
                              Contains("--stdin"));
}
