// One process, from an empty database to traffic and back.
#include <sstream>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

boost::json::object json_of(support::http_answer const& answer)
{
    return boost::json::parse(answer.body).as_object();
}

long lines_with(std::string const& log, std::string const& part)
{
    long count = 0;
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);) {
        count += line.find(part) != std::string::npos ? 1 : 0;
    }
    return count;
}

} // namespace

TEST_CASE("probes answer at once, and traffic only after the gate has opened", "[boot]")
{
    auto const database = support::private_server::shared().create_database();
    auto lock = std::make_unique<support::sql_session>(hold_boot_lock(*database));
    service backend{{{"DATABASE_URL", database->url()}}};

    REQUIRE(support::wait_for(backend.port(), "/livez", 200).status == 200);
    REQUIRE(backend.in_state("waiting_for_lock"));
    auto const early = backend.get("/v1/prompts/nlu_topic_extraction");
    CHECK(early.status == 503);
    CHECK(early.headers.count("retry-after") == 1);
    CHECK(backend.get("/livez").status == 200);
    auto const readyz = backend.get("/readyz");
    CHECK(readyz.status == 503);
    auto const state = json_of(readyz);
    CHECK(text(state, "mode") == "apply");
    CHECK(state.at("admission").is_null());
    CHECK(state.at("code").is_null());
    CHECK(backend.get("/v1/gate").status == 200);
    CHECK(backend.closing().empty());
    CHECK(database->value("select to_regclass('public.prompt_templates') is null") == "t");

    lock.reset();
    REQUIRE(backend.is_ready());
    auto const open = json_of(backend.get("/readyz"));
    CHECK(text(open, "state") == "open");
    CHECK(text(open, "admission") == "verified");
    CHECK(text(open, "schema_version") == newest_version());
    auto const prompt = backend.get("/v1/prompts/nlu_topic_extraction");
    CHECK(prompt.status == 200);
    CHECK_THAT(prompt.body, holds("nlu_topic_extraction"));
    CHECK(backend.get("/v1/gate").status == 200);
    CHECK(backend.terminate() == 0);
}

TEST_CASE("a boot on an empty database logs every step once and closes with one line", "[boot]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    REQUIRE(backend.process().wait_for_output("step=open outcome=done"));
    CHECK(backend.terminate() == 0);

    auto const closing = backend.closing();
    CHECK(text(closing, "event") == "boot_done");
    CHECK(text(closing, "admission") == "verified");
    CHECK(text(closing, "mode") == "apply");
    CHECK(closing.at("applied").to_number<int>() == migrations_on_empty());
    CHECK(text(closing, "schema_version") == newest_version());
    CHECK(text(closing, "catalog").rfind("sha256:", 0) == 0);
    auto const log = backend.process().out() + backend.process().err();
    INFO(log);
    CHECK(lines_with(log, "\"event\":\"boot_") == 1);
    for (char const* step : {"connect", "check", "lock", "plan", "apply", "verify", "open"}) {
        INFO(step);
        CHECK(lines_with(log, "schemagate step=" + std::string{step} + " outcome=done") >= 1);
    }
    CHECK(lines_with(log, "step=apply outcome=done script=0001_enterprise_prompt_system_phase1") == 1);
    CHECK(lines_with(log, "schemagate step=") <= 14 + migrations());
}

TEST_CASE("the first boot makes the tables, indexes, views, triggers and rows of the incident's file",
          "[boot]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());

    CHECK(database->value("select count(*) from pg_tables where schemaname = 'public' and tablename in "
                          "('ab_test_experiments', 'prompt_executions', 'prompt_guardrails', "
                          "'prompt_templates', 'schema_migrations')") == "5");
    CHECK(database->value(
              "select count(*) from pg_indexes where schemaname = 'public' and indexname like 'idx\\_%'") ==
          "16");
    CHECK(database->value("select count(*) from pg_views where schemaname = 'public' and viewname in "
                          "('v_template_performance', 'v_recent_execution_errors', "
                          "'v_guardrail_violations_summary', 'v_active_ab_tests')") == "4");
    CHECK(database->value(
              "select count(*) from pg_trigger where tgname in ('trigger_update_template_statistics', "
              "'trigger_update_ab_test_statistics', 'trigger_enforce_single_active_template')") == "3");
    CHECK(database->value(
              "select count(*) from prompt_templates where is_active and created_by = 'system'") == "3");
    CHECK(database->value(
              "select count(*) from prompt_guardrails where is_active and created_by = 'system'") == "3");
    CHECK(database->value("select count(*) from schemagate.history where verified_at is not null") ==
          std::to_string(migrations()));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("a second boot applies nothing and writes nothing", "[boot]")
{
    auto const database = support::private_server::shared().create_database();
    auto const rows =
        "select string_agg(h.xmin::text || h::text, ';' order by h.id) from schemagate.history h";
    {
        service first{{{"DATABASE_URL", database->url()}}};
        REQUIRE(first.is_ready());
        REQUIRE(first.terminate() == 0);
    }
    auto const before = database->value(rows);
    auto const done = prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}});
    INFO(done.err);
    CHECK(done.code == 0);
    service second{{{"DATABASE_URL", database->url()}}};
    REQUIRE(second.is_ready());
    REQUIRE(second.process().wait_for_output("boot_done"));
    CHECK(second.closing().at("applied").to_number<int>() == 0);
    CHECK(text(second.closing(), "admission") == "verified");
    CHECK(second.terminate() == 0);
    CHECK(database->value(rows) == before);
}
