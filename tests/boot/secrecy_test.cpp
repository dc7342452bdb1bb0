// The password is nowhere but in the environment.
#include <cctype>
#include <set>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

namespace {

/// Every one is hard on some parser, quoter or escaper. Distinctive enough not to stand anywhere by chance.
std::vector<std::string> const hard_passwords{
    "Plain-Xq7vPlain",        "At@Xq7v@Sign",     "Colon:Xq7v:Two",     "Slash/Xq7v/Way",
    "Hash#Xq7v#Tag",          "Quest?Xq7v=1&a=b", "Perc%Xq7v%41%zz",    "Plus+Xq7v+Sum",
    "Blank Xq7v Blank",       "Quote'Xq7v''s",    "Dquote\"Xq7v\"q",    "Back\\Xq7v\\n",
    "Semi;Xq7v;drop",         "Dollar$Xq7v${A}",  "Tick`Xq7v`id`",      "Brace{Xq7v}{}{0}",
    "Brack[Xq7v]::1]",        "Angle<Xq7v>***",   "Pipe|Xq7v|cat",      "Caf\xC3\xA9Xq7v\xC3\xBC",
    "Tab\tXq7v\tTab",         "@/:?#Xq7v#?:/@",   "postgresql://Xq7v@", "Fmt%s%nXq7v{:d}",
    "\xF0\x9F\x94\x91Xq7vKey"};

/// Those, and every special of ASCII, every control byte but NUL, and letters of two to four bytes.
std::vector<std::string> const& passwords()
{
    static auto const all = [] {
        auto list = hard_passwords;
        for (int c = 1; c < 128; ++c) {
            if (std::isalnum(c) == 0) {
                list.push_back(std::string{"S"} + static_cast<char>(c) + "Xq7v" + static_cast<char>(c) + "e");
            }
        }
        for (char const* letter : {"\xC3\x9F", "\xD0\xAF", "\xE2\x82\xAC", "\xE2\x80\x8B", "\xEF\xBB\xBF",
                                   "\xE2\x80\xAE", "\xF0\x9F\x98\x80", "\xE6\xBC\xA2"}) {
            list.push_back(std::string{letter} + "Xq7v" + letter);
        }
        for (char const* pair : {"@@", "//", "::", "##", "??", "%%", "&&", "==", "%2", "\\\\"}) {
            list.push_back(std::string{pair} + "Xq7v" + pair);
        }
        list.push_back(std::string(500, 'L') + "Xq7v");
        return list;
    }();
    return all;
}

/// Too short or too common to be searched for as such: what is searched for is where they would stand.
std::vector<std::string> const common_passwords{"p",   "5432",     "a",         "@",    "%",
                                                "***", "postgres", "127.0.0.1", "nasty"};

/// The forms in which a careless program would show it.
std::set<std::string> forms_of(std::string const& password)
{
    auto escaped = boost::json::serialize(boost::json::value(password));
    escaped = escaped.substr(1, escaped.size() - 2);
    return {password, support::percent_encoded(password), escaped};
}

std::string command_line_of(pid_t pid)
{
    return support::content_of("/proc/" + std::to_string(pid) + "/cmdline");
}

} // namespace

TEST_CASE("no password is shown by a boot, its probes, its history or its command line", "[secrecy]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    database->run("create role nasty login");
    database->run("grant backend to nasty");
    for (auto const& password : passwords()) {
        database->run("alter role nasty password " + support::sql_literal(password));
        service backend{{{"DATABASE_URL", server.url(database->name(), "nasty", password)}}};
        INFO(password);
        REQUIRE(backend.is_ready());
        auto shown = backend.get("/readyz").body + backend.get("/livez").body + backend.get("/v1/gate").body +
                     command_line_of(backend.process().pid());
        shown += database->value("select string_agg(application_name || query, ' ') from pg_stat_activity "
                                 "where usename = 'nasty'");
        CHECK(backend.terminate() == 0);
        shown += backend.process().out() + backend.process().err();
        for (auto const& form : forms_of(password)) {
            CHECK(shown.find(form) == std::string::npos);
        }
        CHECK(shown.find("Xq7v") == std::string::npos);
    }
    CHECK(passwords().size() > 100);
    CHECK(database->value("select count(*) from schemagate.history h where h::text like '%Xq7v%'") == "0");
    database->run("drop schema public cascade; drop schema schemagate cascade; drop role nasty");
}

TEST_CASE("no password is shown when the boot fails, properly encoded or not", "[secrecy]")
{
    auto& server = support::private_server::shared();
    for (auto const& password : passwords()) {
        INFO(password);
        auto const at_server = "@127.0.0.1:" + std::to_string(server.port()) + "/postgres";
        for (auto const& url :
             {server.url("postgres", "backend", password), "postgresql://backend:" + password + at_server,
              "postgresql://backend@127.0.0.1/postgres?password=" + password,
              "host=127.0.0.1 user=backend dbname=postgres password=" + password}) {
            auto const done = prompt_service({{"DATABASE_URL", url}, {"SCHEMAGATE_CONNECT_WAIT", "0"}});
            INFO(done.out << done.err);
            CHECK(done.code != 0);
            CHECK((done.out + done.err).find("Xq7v") == std::string::npos);
        }
    }
}

TEST_CASE("a password that slipped into another part is shown by no boot, whoever vouches for the text",
          "[secrecy]")
{
    auto const port = std::to_string(support::private_server::shared().port());
    auto const server = "127.0.0.1:" + port;
    for (auto const& url : std::vector<std::string>{
             "postgresql://backendXq7vWord@" + server + "/postgres",
             "postgresql://backend:@127.0.0.1:" + port + "/Xq7vWord@postgres",
             "postgresql://backend@" + server + "/dbname=postgres&password=Xq7vWord",
             "postgresql://backend@" + server + "/postgrespassword=Xq7vWord",
             "postgresql://backend@127.0.0.1:Xq7vWord/postgres",
             "postgresql:///backend:Xq7vWord@" + server + "/postgres",
             "host=127.0.0.1 port=" + port + " user=backend dbname=postgrespassword=Xq7vWord",
             "host=127.0.0.1 port=Xq7vWord user=backend dbname=postgres password=5432",
             "host=127.0.0.1 port=" + port + " user=backendpassword=Xq7vWord dbname=postgres",
             "postgresql://backend:p@" + server + "/postgres?options=-c%20password%3DXq7vWord"}) {
        auto const checked = prompt_service({"url", "check", "--json"}, {{"DATABASE_URL", url}});
        auto accepted = std::string{"doubtful-reading"};
        auto const diagnosis = boost::json::parse(checked.out);
        for (auto const& one : diagnosis.at("findings").as_array()) {
            accepted += "," + std::string{one.at("code").as_string()};
        }
        auto shown = checked.out + prompt_service({"url", "check"}, {{"DATABASE_URL", url}}).out;
        for (auto const* const command : {"migrate", "verify", "status"}) {
            auto const done = prompt_service(
                {command},
                {{"DATABASE_URL", url}, {"SCHEMAGATE_CONNECT_WAIT", "0"}, {"SCHEMAGATE_ACCEPT", accepted}});
            CHECK(done.code != 0);
            shown += done.out + done.err;
        }
        shown += prompt_service({"url", "rewrite", "--host", "127.0.0.2"}, {{"DATABASE_URL", url}}).err;
        INFO(shown);
        CHECK(shown.find("Xq7v") == std::string::npos);
    }
}

TEST_CASE("a password that is a common word stands nowhere in a password's place", "[secrecy]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    database->run("create role nasty login; grant backend to nasty");
    for (auto const& password : common_passwords) {
        database->run("alter role nasty password " + support::sql_literal(password));
        auto const url = server.url(database->name(), "nasty", password);
        std::string shown;
        for (std::string const command : {"migrate", "status", "verify"}) {
            auto const done = prompt_service({command}, {{"DATABASE_URL", url}});
            INFO(password << "\n" << done.err);
            CHECK(done.code == 0);
            shown += done.out + done.err;
        }
        auto const wrong = server.url(database->name(), "backend", password);
        shown += prompt_service({"migrate"}, {{"DATABASE_URL", wrong}}).err;
        shown += prompt_service({"url", "check", "--json"}, {{"DATABASE_URL", url}}).out;
        INFO(shown);
        CHECK(shown.find(":***@") != std::string::npos);
        if (password != "***") {
            for (auto const& form : forms_of(password)) {
                CHECK(shown.find(":" + form + "@") == std::string::npos);
                CHECK(shown.find("password=" + form) == std::string::npos);
            }
        }
    }
    database->run("drop schema public cascade; drop schema schemagate cascade; drop role nasty");
}

TEST_CASE("url check and status show no password", "[secrecy]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    for (std::string const command : {"url", "status", "plan", "verify"}) {
        std::vector<std::string> arguments{command};
        if (command == "url") {
            arguments.emplace_back("check");
        }
        auto const plain = prompt_service(arguments, {{"DATABASE_URL", database->url()}});
        arguments.emplace_back("--json");
        auto const json = prompt_service(arguments, {{"DATABASE_URL", database->url()}});
        INFO(command << "\n" << plain.out << plain.err << json.out << json.err);
        CHECK_FALSE(plain.out.empty());
        CHECK_FALSE(json.out.empty());
        CHECK((plain.out + plain.err + json.out + json.err).find(server.password) == std::string::npos);
    }
}
