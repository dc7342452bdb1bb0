#include "schemagate/settings.hpp"

#include "catch.hpp"
#include "map_place.hpp"
#include "schemagate/failure.hpp"

using namespace schemagate;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

settings read(std::map<std::string, std::string> variables)
{
    return settings::from_environment(map_place{std::move(variables)});
}

failure refusal(std::map<std::string, std::string> variables)
{
    try {
        static_cast<void>(read(std::move(variables)));
    }
    catch (failure const& f) {
        return f;
    }
    FAIL("the settings were accepted");
    std::abort();
}

} // namespace

TEST_CASE("without any variable the settings are those of the contract", "[settings]")
{
    auto const s = read({});
    CHECK_FALSE(s.database_url.has_value());
    CHECK(s.mode == mode::apply);
    CHECK(s.url.connection == connection_method::any);
    CHECK(s.url.accept.empty());
    CHECK(s.plan.out_of_order == out_of_order_policy::refuse);
    CHECK(s.plan.newer == newer_policy::compatible);
    CHECK(s.connect_wait == 60s);
    CHECK(s.lock_wait == 15min);
    CHECK(s.lock_timeout == 50ms);
    CHECK(s.lock_retry == 10min);
    CHECK(s.statement_timeout == 0ms);
    CHECK(s.history_schema == "schemagate");
    CHECK_FALSE(s.log_sql);
    CHECK(s.warnings.empty());
}

TEST_CASE("every setting is read from its variable", "[settings]")
{
    auto const s = read({{"DATABASE_URL", "postgresql://u:p@h:5432/d"},
                         {"SCHEMAGATE_MODE", "wait"},
                         {"SCHEMAGATE_CONNECTION", "tcp"},
                         {"SCHEMAGATE_ACCEPT", "socket-not-mounted, port-missing,"},
                         {"SCHEMAGATE_CONNECT_WAIT", "0"},
                         {"SCHEMAGATE_LOCK_WAIT", "0"},
                         {"SCHEMAGATE_LOCK_TIMEOUT", "2s"},
                         {"SCHEMAGATE_LOCK_RETRY", "1h"},
                         {"SCHEMAGATE_STATEMENT_TIMEOUT", "30min"},
                         {"SCHEMAGATE_HISTORY_SCHEMA", "ops"},
                         {"SCHEMAGATE_OUT_OF_ORDER", "warn"},
                         {"SCHEMAGATE_NEWER", "allow"},
                         {"SCHEMAGATE_LOG_SQL", "1"}});
    REQUIRE(s.database_url.has_value());
    CHECK(s.database_url->source == "DATABASE_URL");
    CHECK(s.mode == mode::wait);
    CHECK(s.url.connection == connection_method::tcp);
    CHECK(s.url.accept == std::set<std::string>{"port-missing", "socket-not-mounted"});
    CHECK(s.connect_wait == 0ms);
    CHECK(s.lock_wait == 0ms);
    CHECK(s.lock_timeout == 2s);
    CHECK(s.lock_retry == 1h);
    CHECK(s.statement_timeout == 30min);
    CHECK(s.history_schema == "ops");
    CHECK(s.plan.out_of_order == out_of_order_policy::warn);
    CHECK(s.plan.newer == newer_policy::allow);
    CHECK(s.log_sql);
    CHECK(s.warnings.empty());
}

TEST_CASE("the other words of the choices are understood", "[settings]")
{
    CHECK(read({{"SCHEMAGATE_MODE", "apply"}}).mode == mode::apply);
    CHECK(read({{"SCHEMAGATE_MODE", "verify"}}).mode == mode::verify);
    CHECK(read({{"SCHEMAGATE_MODE", "skip"}}).mode == mode::skip);
    CHECK(read({{"SCHEMAGATE_CONNECTION", "any"}}).url.connection == connection_method::any);
    CHECK(read({{"SCHEMAGATE_CONNECTION", "socket"}}).url.connection == connection_method::socket);
    CHECK(read({{"SCHEMAGATE_OUT_OF_ORDER", "apply"}}).plan.out_of_order == out_of_order_policy::apply);
    CHECK(read({{"SCHEMAGATE_NEWER", "refuse"}}).plan.newer == newer_policy::refuse);
    CHECK_FALSE(read({{"SCHEMAGATE_LOG_SQL", "0"}}).log_sql);
}

TEST_CASE("a value that does not parse stops the boot with the name, the value and an example", "[settings]")
{
    auto const [name, value] = GENERATE(table<std::string, std::string>({
        {"SCHEMAGATE_MODE", "aply"},
        {"SCHEMAGATE_MODE", "APPLY"},
        {"SCHEMAGATE_CONNECTION", "unix"},
        {"SCHEMAGATE_ACCEPT", "Socket_Not_Mounted"},
        {"SCHEMAGATE_CONNECT_WAIT", "soon"},
        {"SCHEMAGATE_LOCK_WAIT", "-1s"},
        {"SCHEMAGATE_LOCK_TIMEOUT", "0"},
        {"SCHEMAGATE_LOCK_RETRY", "600h"},
        {"SCHEMAGATE_STATEMENT_TIMEOUT", "99999999999999999999"},
        {"SCHEMAGATE_HISTORY_SCHEMA", "pg_history"},
        {"SCHEMAGATE_HISTORY_SCHEMA", "information_schema"},
        {"SCHEMAGATE_OUT_OF_ORDER", "allow"},
        {"SCHEMAGATE_NEWER", "yes"},
        {"SCHEMAGATE_LOG_SQL", "true"},
    }));
    auto const f = refusal({{name, value}});
    CHECK(f.code() == errc::setting_invalid);
    CHECK(f.exit_code() == 78);
    CHECK_THAT(f.message(), Contains(name + " is \"" + value + "\""));
    CHECK_THAT(f.fix(), Contains(name + "="));
}

TEST_CASE("a variable that is set to nothing is named, not taken for the default", "[settings]")
{
    auto const name = GENERATE("SCHEMAGATE_MODE", "SCHEMAGATE_LOCK_WAIT", "SCHEMAGATE_HISTORY_SCHEMA");
    auto const f = refusal({{name, ""}});
    CHECK(f.code() == errc::setting_invalid);
    CHECK_THAT(f.message(), Contains(name + std::string{" is set, but empty"}));
    CHECK_THAT(f.fix(), Contains("unset it"));
}

TEST_CASE("the sentence about a wait that is no duration", "[settings]")
{
    auto const f = refusal({{"SCHEMAGATE_LOCK_WAIT", "soon"}});
    CHECK(f.message() == "SCHEMAGATE_LOCK_WAIT is \"soon\", which is no duration.");
    CHECK(
        f.fix() ==
        "Write a number and its unit, as in 250ms, 2s, 15min or 1h (a number alone is seconds), for example "
        "SCHEMAGATE_LOCK_WAIT=15min.");
}

TEST_CASE("the example for a wrong word is the one that was meant, or one that protects", "[settings]")
{
    auto const [name, value, example] = GENERATE(table<std::string, std::string, std::string>({
        {"SCHEMAGATE_TLS", "required", "Write SCHEMAGATE_TLS=require."},
        {"SCHEMAGATE_TLS", "Require", "Write SCHEMAGATE_TLS=require."},
        {"SCHEMAGATE_TLS", "verify-full", "Write SCHEMAGATE_TLS=verify."},
        {"SCHEMAGATE_TLS", "verify-ca", "Write SCHEMAGATE_TLS=verify."},
        {"SCHEMAGATE_TLS", "on", "Write for example SCHEMAGATE_TLS=verify."},
        {"SCHEMAGATE_TLS", "1", "Write for example SCHEMAGATE_TLS=verify."},
        {"SCHEMAGATE_MODE", "aply", "Write SCHEMAGATE_MODE=apply."},
        {"SCHEMAGATE_MODE", "APPLY", "Write SCHEMAGATE_MODE=apply."},
        {"SCHEMAGATE_MODE", "verfiy", "Write SCHEMAGATE_MODE=verify."},
        {"SCHEMAGATE_MODE", "none", "Write for example SCHEMAGATE_MODE=apply."},
        {"SCHEMAGATE_ON_REFUSAL", "holds", "Write SCHEMAGATE_ON_REFUSAL=hold."},
        {"SCHEMAGATE_DRIFT", "yes", "Write for example SCHEMAGATE_DRIFT=refuse."},
        {"SCHEMAGATE_DRIFT", "refused", "Write SCHEMAGATE_DRIFT=refuse."},
        {"SCHEMAGATE_OUT_OF_ORDER", "allow", "Write for example SCHEMAGATE_OUT_OF_ORDER=refuse."},
        {"SCHEMAGATE_LOG_SQL", "true", "Write SCHEMAGATE_LOG_SQL=1."},
        {"SCHEMAGATE_LOG_SQL", "off", "Write for example SCHEMAGATE_LOG_SQL=0."},
    }));
    INFO(name << '=' << value);
    CHECK(refusal({{name, value}}).fix() == example);
}

TEST_CASE("the name of the history's schema is one that PostgreSQL keeps whole", "[settings]")
{
    CHECK(read({{"SCHEMAGATE_HISTORY_SCHEMA", std::string(63, 'h')}}).history_schema == std::string(63, 'h'));
    CHECK(read({{"SCHEMAGATE_HISTORY_SCHEMA", "Ops \"x\""}}).history_schema == "Ops \"x\"");
    CHECK_THAT(refusal({{"SCHEMAGATE_HISTORY_SCHEMA", std::string(64, 'h')}}).message(),
               Contains("64 bytes"));
    CHECK_THAT(refusal({{"SCHEMAGATE_HISTORY_SCHEMA", std::string{"a\0b", 3}}}).message(),
               Contains("\"a\\x00b\"") && Contains("control byte"));
    CHECK_THAT(refusal({{"SCHEMAGATE_HISTORY_SCHEMA", "a\xff"}}).message(),
               Contains("\"a\\xff\"") && Contains("not UTF-8"));
    CHECK_THAT(refusal({{"SCHEMAGATE_RUN_AS", "\xc3"}}).message(), Contains("not UTF-8"));
    CHECK(read({{"SCHEMAGATE_HISTORY_SCHEMA", "verläufe"}}).history_schema == "verläufe");
}

TEST_CASE("a value that may hold a password is not shown", "[settings]")
{
    auto const f = refusal({{"SCHEMAGATE_MODE", "postgresql://app:hunter2@db/app"}});
    CHECK_THAT(f.message(), !Contains("hunter2"));
    CHECK_THAT(f.message(), Contains("SCHEMAGATE_MODE"));
    CHECK_THAT(refusal({{"SCHEMAGATE_NEWER", "host=h PASSWORD=hunter2"}}).message(), !Contains("hunter2"));
}

TEST_CASE("control bytes of a value are escaped", "[settings]")
{
    CHECK_THAT(refusal({{"SCHEMAGATE_MODE", "apply\n\x1b[2J"}}).message(),
               Contains("\"apply\\x0a\\x1b[2J\""));
}

TEST_CASE("the settings with words, roles and tokens are read", "[settings]")
{
    auto const s = read({{"SCHEMAGATE_TLS", "verify"},
                         {"SCHEMAGATE_POOLER", "session"},
                         {"SCHEMAGATE_DRIFT", "refuse"},
                         {"SCHEMAGATE_TRANSACTION", "all"},
                         {"SCHEMAGATE_RUN_AS", "app owner"},
                         {"SCHEMAGATE_GATE_TOKEN", "0123456789abcdef"},
                         {"SCHEMAGATE_ON_REFUSAL", "hold"},
                         {"MIGRATION_DATABASE_URL", "postgresql://o:p@h:5432/d"}});
    CHECK(s.url.tls == tls_policy::verify);
    CHECK(s.session_pooler);
    CHECK(s.drift == drift_policy::refuse);
    CHECK(s.transaction == transaction_scope::all);
    CHECK(s.run_as == "app owner");
    CHECK(s.gate_token.reveal() == "0123456789abcdef");
    CHECK(s.on_refusal == refusal_policy::hold);
    REQUIRE(s.migration_database_url);
    CHECK(s.migration_database_url->source == "MIGRATION_DATABASE_URL");
    CHECK(s.warnings.empty());
}

TEST_CASE("a role or token that cannot be one is refused, and a token is never shown", "[settings]")
{
    auto const [name, value] = GENERATE(table<std::string, std::string>({
        {"SCHEMAGATE_RUN_AS", "none"},
        {"SCHEMAGATE_RUN_AS", ""},
        {"SCHEMAGATE_RUN_AS", "a\nb"},
        {"SCHEMAGATE_RUN_AS", std::string(64, 'r')},
        {"SCHEMAGATE_GATE_TOKEN", ""},
        {"SCHEMAGATE_GATE_TOKEN", "S3cret"},
        {"SCHEMAGATE_GATE_TOKEN", "S3cret with a blank in it"},
    }));
    auto const f = refusal({{name, value}});
    CHECK(f.code() == errc::setting_invalid);
    CHECK_THAT(f.message(), Contains(name));
    CHECK_THAT(f.fix(), Contains(name + "="));
    CHECK_THAT(std::string{f.what()}, !Contains("S3cret"));
}

TEST_CASE("an unknown variable is a warning, and a near miss is named", "[settings]")
{
    auto const s = read({{"SCHEMAGATE_LOCKWAIT", "5s"}, {"SCHEMAGATE_COLOUR", "red"}, {"OTHER", "x"}});
    REQUIRE(s.warnings.size() == 2);
    CHECK(s.warnings[0] == "SCHEMAGATE_COLOUR is no setting of this release, and is ignored.");
    CHECK(s.warnings[1] == "SCHEMAGATE_LOCKWAIT is no setting of this release, and is ignored. Did you mean "
                           "SCHEMAGATE_LOCK_WAIT?");
}

TEST_CASE("an empty DATABASE_URL is kept for the check to explain", "[settings]")
{
    auto const s = read({{"DATABASE_URL", ""}});
    REQUIRE(s.database_url.has_value());
    CHECK(s.database_url->text.empty());
}
