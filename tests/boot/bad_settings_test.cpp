// Every setting with a value that it cannot take: exit 78, the variable's name, what is wrong, and an
// example.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;
using support::holds;

namespace {

/// Nobody is reached here: a boot that were to accept the value ends with 69.
support::environment with(std::string const& variable, std::string const& value)
{
    support::environment variables{{"DATABASE_URL", "postgresql://u:Settings-Pass-1@127.0.0.1:1/d"},
                                   {"SCHEMAGATE_CONNECT_WAIT", "1s"}};
    variables[variable] = value;
    return variables;
}

void check_names(ended const& done, std::string const& name, std::string const& value)
{
    INFO(name << "=" << value << "\n" << done.err);
    CHECK(done.code == 78);
    CHECK(done.code_name == "setting-invalid");
    CHECK_THAT(done.message, holds(name));
    CHECK_THAT(done.message, holds(value.empty() ? " is set, but empty" : ", which ") ||
                                 holds(" has a value") || holds("keeps for itself") ||
                                 holds(" is no bearer token"));
    CHECK_THAT(done.fix, holds(name + "="));
    CHECK(done.err.find("Settings-Pass-1") == std::string::npos);
}

std::vector<std::string> const words{"", "Nonsense", "apply ", "a\nb", "\x1b[2J"};
std::vector<std::string> const durations{"",  "soon", "-1s", "1 fortnight", "5s ", "99999999999999999999h",
                                         "1d"};
std::vector<std::pair<std::string, std::vector<std::string>>> const bad{
    {"SCHEMAGATE_MODE", words},
    {"SCHEMAGATE_CONNECTION", words},
    {"SCHEMAGATE_TLS", {"", "Require", "on", "a\nb"}},
    {"SCHEMAGATE_ACCEPT", {"Nonsense Code", "a;b", "a\nb"}},
    {"SCHEMAGATE_CONNECT_WAIT", durations},
    {"SCHEMAGATE_LOCK_WAIT", durations},
    {"SCHEMAGATE_LOCK_TIMEOUT", {"", "soon", "-1s", "0", "0ms"}},
    {"SCHEMAGATE_LOCK_RETRY", durations},
    {"SCHEMAGATE_STATEMENT_TIMEOUT", durations},
    {"SCHEMAGATE_HISTORY_SCHEMA", {"", "pg_catalog", "information_schema", "a\nb", std::string(64, 'x')}},
    {"SCHEMAGATE_OUT_OF_ORDER", words},
    {"SCHEMAGATE_NEWER", words},
    {"SCHEMAGATE_POOLER", words},
    {"SCHEMAGATE_DRIFT", words},
    {"SCHEMAGATE_TRANSACTION", words},
    {"SCHEMAGATE_RUN_AS", {"", "none", "a\nb", std::string(64, 'x')}},
    {"SCHEMAGATE_GATE_TOKEN", {"", "short", "sixteen characters but blanks"}},
    {"SCHEMAGATE_ON_REFUSAL", words},
    {"SCHEMAGATE_LOG_SQL", {"", "yes", "2", "true"}},
    {"HOST", {"", "a b", "http://0.0.0.0", "u@h", "a\nb"}},
    {"PORT", {"", "99999", "http", "-1", "80 "}}};

/// "--lock-wait" for SCHEMAGATE_LOCK_WAIT.
std::string flag_of(std::string const& variable)
{
    auto const from = variable.starts_with("SCHEMAGATE_") ? std::string_view{"SCHEMAGATE_"}.size() : 0;
    auto flag = "--" + variable.substr(from);
    for (char& c : flag) {
        c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return flag;
}

} // namespace

TEST_CASE("every setting refuses what it cannot take, with the variable's name and an example", "[input]")
{
    for (auto const& [variable, values] : bad) {
        for (auto const& value : values) {
            check_names(prompt_service(with(variable, value)), variable, value);
        }
    }
}

TEST_CASE("every setting's flag refuses the same, with the flag's name and an example", "[input]")
{
    for (auto const& [variable, values] : bad) {
        if (variable == "SCHEMAGATE_GATE_TOKEN" || variable == "SCHEMAGATE_LOG_SQL") {
            continue; // the one has no flag, the other's takes no value
        }
        auto const& value = values.back();
        check_names(prompt_service({flag_of(variable), value}, with("PORT", "0")), flag_of(variable), value);
    }
}

TEST_CASE("every way to give a URL refuses what it cannot take, with its name and what to write", "[input]")
{
    support::temporary_folder const folder;
    auto const empty = folder.write("empty", "").string();
    auto const lines = folder.write("lines", "postgresql://u:Settings-Pass-1@h/d\nsecond\n").string();
    auto const no_url = folder.write("credentials/database_url", "mysql://u:Settings-Pass-1@h/d").string();
    auto const credentials = no_url.substr(0, no_url.rfind('/'));
    std::string const good = "postgresql://u:Settings-Pass-1@127.0.0.1:1/d";
    struct bad_url
    {
        std::string name;
        support::environment variables;
    };
    std::vector<bad_url> const all{
        {"DATABASE_URL", {{"DATABASE_URL", "mysql://u:Settings-Pass-1@h/d"}}},
        {"DATABASE_URL", {{"DATABASE_URL", "postgresql://u:Settings-Pass-1@h:0/d"}}},
        {"DATABASE_URL_FILE", {{"DATABASE_URL_FILE", "/no/such/file"}}},
        {"DATABASE_URL", {{"DATABASE_URL_FILE", empty}}},
        {"DATABASE_URL_FILE", {{"DATABASE_URL_FILE", lines}}},
        {"DATABASE_URL_FILE", {{"DATABASE_URL_FILE", good}}},
        {"DATABASE_URL_FILE", {{"DATABASE_URL_FILE", lines}, {"DATABASE_URL", good}}},
        {"DATABASE_URL", {{"CREDENTIALS_DIRECTORY", credentials}}},
        {"MIGRATION_DATABASE_URL", {{"DATABASE_URL", good}, {"MIGRATION_DATABASE_URL", "mysql://h/d"}}},
        {"MIGRATION_DATABASE_URL_FILE",
         {{"DATABASE_URL", good}, {"MIGRATION_DATABASE_URL_FILE", "/no/file"}}},
        {"MIGRATION_DATABASE_URL_FILE", {{"DATABASE_URL", good}, {"MIGRATION_DATABASE_URL_FILE", lines}}},
        {"MIGRATION_DATABASE_URL_FILE",
         {{"DATABASE_URL", good}, {"MIGRATION_DATABASE_URL_FILE", lines}, {"MIGRATION_DATABASE_URL", good}}},
    };
    for (auto const& [name, variables] : all) {
        auto const done = prompt_service({"migrate"}, variables);
        INFO(name << "\n" << done.err);
        CHECK(done.code == 78);
        CHECK_THAT(done.message, holds(name));
        CHECK_FALSE(done.fix.empty());
        CHECK((done.out + done.err).find("Settings-Pass-1") == std::string::npos);
    }
}

TEST_CASE("an unknown SCHEMAGATE_ variable is a warning, and the boot goes on", "[input]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_LOCK_WIAT", "1s"}}};
    REQUIRE(backend.is_ready());
    CHECK(backend.process().wait_for_output("SCHEMAGATE_LOCK_WIAT", 1s));
    CHECK(backend.terminate() == 0);
}
