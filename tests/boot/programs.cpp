#include "programs.hpp"

#include <algorithm>
#include <csignal>
#include <sstream>
#include <thread>

#include "schemagate/testing.hpp"

namespace programs {

std::string const somebody_sleeps =
    "select exists (select from pg_stat_activity where datname = current_database()"
    " and wait_event = 'PgSleep')";
std::string const lock_is_free =
    "select not exists (select from pg_locks where locktype = 'advisory' and database ="
    " (select oid from pg_database where datname = current_database()))";
std::string const nobody_connected =
    "select not exists (select from pg_stat_activity where datname ="
    " current_database() and pid <> pg_backend_pid() and backend_type = 'client backend')";

boost::json::object closing_line(std::string const& err)
{
    boost::json::object last;
    std::istringstream lines{err};
    for (std::string line; std::getline(lines, line);) {
        boost::json::error_code error;
        auto const value = boost::json::parse(line, error);
        if (!error && value.is_object() && text(value.as_object(), "event").rfind("boot_", 0) == 0) {
            last = value.as_object();
        }
    }
    return last;
}

std::string text(boost::json::object const& line, std::string const& key)
{
    auto const* value = line.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->as_string()} : "";
}

namespace {

ended described(support::finished const& done)
{
    ended result;
    result.closing = closing_line(done.err);
    result.code = done.code;
    result.code_name = text(result.closing, "code");
    result.message = text(result.closing, "message");
    result.fix = text(result.closing, "fix");
    result.script = text(result.closing, "script");
    result.out = done.out;
    result.err = done.err;
    result.took = done.took;
    return result;
}

support::environment listening_on(int port, support::environment variables)
{
    variables.emplace("HOST", "127.0.0.1");
    variables.emplace("PORT", std::to_string(port));
    return variables;
}

} // namespace

ended prompt_service(std::vector<std::string> const& arguments, support::environment const& variables)
{
    return described(support::run_program(PROMPT_SERVICE_PROGRAM, arguments,
                                          listening_on(support::free_port(), variables)));
}

ended prompt_service(support::environment const& variables)
{
    return prompt_service({}, variables);
}

ended script_folder::migrate(support::environment variables, std::vector<std::string> const& options) const
{
    variables.emplace("DATABASE_URL", url_);
    std::vector<std::string> arguments{"--from", path()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("migrate");
    return described(support::run_program(SCHEMAGATE_PROGRAM, arguments, variables));
}

std::unique_ptr<support::child_process> script_folder::start_migrate(support::environment variables) const
{
    variables.emplace("DATABASE_URL", url_);
    return std::make_unique<support::child_process>(
        SCHEMAGATE_PROGRAM, std::vector<std::string>{"--from", path(), "migrate"}, variables);
}

service::service(support::environment variables)
    : port_{support::free_port()}, process_{
                                       PROMPT_SERVICE_PROGRAM, {}, listening_on(port_, std::move(variables))}
{}

bool service::is_ready(std::chrono::milliseconds limit) const
{
    return support::wait_for(port_, "/readyz", 200, limit).status == 200;
}

bool service::in_state(std::string const& state, std::chrono::milliseconds limit) const
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    auto const wanted = "\"state\":\"" + state + "\"";
    while (get("/readyz").body.find(wanted) == std::string::npos) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

int service::terminate(std::chrono::milliseconds limit)
{
    process_.kill(SIGTERM);
    return process_.wait(limit).code;
}

int migrations()
{
    return static_cast<int>(schemagate::embedded_catalog().migrations().size());
}

int migrations_on_empty()
{
    auto const& all = schemagate::embedded_catalog().migrations();
    return static_cast<int>(std::count_if(all.begin(), all.end(),
                                          [](auto const& each) { return !each.directives.only_if_adopted; }));
}

std::string newest_version()
{
    return schemagate::embedded_catalog().newest()->version->text();
}

std::unique_ptr<support::test_database> migrated_database()
{
    auto& server = support::private_server::shared();
    static schemagate::testing::template_database schema{server.of_templates(),
                                                         schemagate::embedded_catalog()};
    return server.create_database(schema);
}

support::sql_session hold_boot_lock(support::test_database const& database, std::string const& catalog)
{
    support::sql_session session{database.admin_url()};
    session("set application_name = 'a stranger'");
    session("select pg_advisory_lock(('x' || left(encode(sha256('schemagate/1/schemagate/" + catalog +
            "'), 'hex'), 16))::bit(64)::bigint)");
    return session;
}

bool becomes_true(support::test_database const& database, std::string const& sql,
                  std::chrono::milliseconds limit)
{
    support::sql_session session{database.admin_url()};
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (session.value(sql) != "t") {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

} // namespace programs
