// The log by month (0009 to 0012): where a row lies, what a question reads, and how months come and go.
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

namespace {

struct by_month : fixture
{
    void log_at(std::string const& time, std::string const& name = "own") const
    {
        run("insert into prompt_executions (template_name, template_version, input_variables, "
            "rendered_prompt, status, "
            "executed_at) values ('" +
            name + "', 1, '{}', '', 'rendered', " + time + ")");
    }
    [[nodiscard]] std::string partitions() const
    {
        return value("select string_agg(name, ' ' order by end_moment) from execution_partitions()");
    }
    /// What keeping the months did on that day: "created 2030_01, …".
    [[nodiscard]] std::string keep(std::string const& day, std::string const& retention = "null") const
    {
        return value("select coalesce(string_agg(change || ' ' || replace(partition_name, "
                     "'prompt_executions_', ''), ', ' "
                     "order by change, partition_name), '') from keep_execution_months('" +
                     day + "', " + retention + ")");
    }
    [[nodiscard]] std::string place(std::string const& name) const
    {
        return value(
            "select string_agg(tableoid::regclass::text, ' ' order by executed_at) from prompt_executions "
            "where template_name = '" +
            name + "'");
    }
};

} // namespace

TEST_CASE_METHOD(by_month,
                 "there is a partition for today and for two months ahead, and one for every other time",
                 "[schema]")
{
    CHECK(
        value("select bool_and(exists (select from execution_partitions() where at >= first_moment and at < "
              "end_moment)) from unnest(array[now(), now() + interval '1 month', date_trunc('month', now(), "
              "'UTC') + "
              "interval '3 months' - interval '1 microsecond']) at") == "t");
    for (auto const* time : {"'-infinity'", "'infinity'", "'0044-03-15 BC'", "'2500-01-01'"}) {
        log_at(time, "odd");
    }
    CHECK(value("select count(*) from prompt_executions_default where template_name = 'odd'") == "4");
    log_at("now()", "now");
    CHECK(place("now") == "prompt_executions_earlier");
}

TEST_CASE_METHOD(by_month, "months are UTC's, whatever the session's zone", "[schema]")
{
    CHECK(keep("2040-05-10") == "created 2040_05, created 2040_06, created 2040_07");
    run("set timezone = 'Pacific/Auckland'; insert into prompt_executions (template_name, template_version, "
        "input_variables, rendered_prompt, status, executed_at) values "
        "('own', 1, '{}', '', 'rendered', '2040-06-01 00:00:00+00'), ('own', 1, '{}', '', 'rendered', "
        "'2040-05-31 23:59:59.999999+00'); "
        "select keep_execution_months('2040-08-31 23:59:59+00', null)");
    CHECK(place("own") == "prompt_executions_2040_05 prompt_executions_2040_06");
    CHECK_THAT(
        partitions(),
        holds("2040_07 prompt_executions_2040_08 prompt_executions_2040_09 prompt_executions_2040_10"));
}

TEST_CASE_METHOD(by_month, "rows that came before their month had a partition move into it, and count once",
                 "[schema]")
{
    run("insert into prompt_executions (template_id, template_name, template_version, input_variables, "
        "rendered_prompt, "
        "status, executed_at) select id, name, 1, '{}', '', 'success', at from prompt_templates, "
        "unnest(array["
        "'2040-05-31 23:59:59+00', '2040-06-01 00:00:00+00', '2040-09-01 00:00:00+00', "
        "'infinity']::timestamptz[]) at "
        "where name = 'nlu_topic_extraction'");
    CHECK(keep("2040-05-10") == "created 2040_05, created 2040_06, created 2040_07");
    CHECK(place("nlu_topic_extraction") == "prompt_executions_2040_05 prompt_executions_2040_06 "
                                           "prompt_executions_default prompt_executions_default");
    CHECK(value("select total_executions from prompt_templates where name = 'nlu_topic_extraction'") == "4");
    CHECK(keep("2040-05-11").empty());
    CHECK(value("select count(*) from ensure_execution_months()") == "0");
}

TEST_CASE_METHOD(by_month, "what is past retention goes, by whole months; the default is to keep everything",
                 "[schema]")
{
    static_cast<void>(keep("2040-01-01"));
    for (auto const* time :
         {"'2040-01-05'", "'2040-02-05'", "'2040-03-05'", "'0044-03-15 BC'", "'infinity'"}) {
        log_at(time);
    }
    CHECK(keep("2041-01-01") == "created 2041_01, created 2041_02, created 2041_03");
    CHECK(value("select count(*) from prompt_executions") == "5");
    // Twelve months: on the last day of January that is all of January a year before, and no more.
    CHECK_THAT(keep("2041-01-31", "12"), holds("dropped earlier") && !holds("2040"));
    CHECK(value("select count(*) from prompt_executions") == "4"); // of no month, and past it
    CHECK(keep("2041-02-01", "12") == "created 2041_04, dropped 2040_01");
    CHECK(keep("2041-03-31", "11") == "created 2041_05, dropped 2040_02, dropped 2040_03");
    CHECK(place("own") == "prompt_executions_default");
    CHECK_THAT(refusal("select * from ensure_execution_months(0)"), holds("22023"));
}

TEST_CASE_METHOD(by_month, "a partition that somebody reads is busy, and goes with the next call", "[schema]")
{
    static_cast<void>(keep("2040-01-01"));
    static_cast<void>(keep("2041-01-01"));
    support::sql_session reader{database->admin_url()};
    reader("begin; select count(*) from prompt_executions_2040_01");
    CHECK_THAT(keep("2041-01-15", "12"), holds("dropped earlier") && !holds("2040"));
    CHECK(keep("2041-03-15", "12") == "busy 2040_01, created 2041_04, created 2041_05, dropped 2040_02");
    reader("commit");
    CHECK(keep("2041-03-15", "12") == "dropped 2040_01");
}

TEST_CASE_METHOD(by_month, "a new month waits no longer than a moment for who writes, or reads the default",
                 "[schema]")
{
    support::sql_session other{database->admin_url()};
    auto const statement =
        GENERATE(values<std::string>({"insert into prompt_executions (template_name, template_version, "
                                      "input_variables, rendered_prompt, status) values "
                                      "('own', 1, '{}', '', 'rendered')",
                                      "select count(*) from prompt_executions_default"}));
    INFO(statement);
    other("begin; " + statement);
    CHECK_THAT(refusal("select * from keep_execution_months('2040-01-01', null)"), holds("55P03"));
    CHECK(value("select to_regclass('prompt_executions_2040_01') is null") == "t");
    other("commit");
    CHECK_THAT(keep("2040-01-01"), holds("created 2040_01"));
}

TEST_CASE_METHOD(by_month, "who reads a month is not in the way of a new one", "[schema]")
{
    support::sql_session reader{database->admin_url()};
    reader("begin; select count(*) from prompt_executions where executed_at >= '2020-01-01' and executed_at "
           "< '2020-02-01'");
    CHECK_THAT(keep("2040-01-01"), holds("created 2040_01"));
}

TEST_CASE_METHOD(by_month, "a new month is as the others: keys, indexes, rules, and no triggers of its own",
                 "[schema]")
{
    static_cast<void>(keep("2040-01-01"));
    auto const described = [this](std::string const& part) {
        return value(
            "select concat_ws(';', (select string_agg(concat_ws(' ', attname, format_type(atttypid, "
            "atttypmod), "
            "attnotnull, pg_get_expr(adbin, adrelid)), ', ' order by attname) from pg_attribute left join "
            "pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = p and attnum > 0), "
            "(select string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' order by conname) from "
            "pg_constraint where conrelid = p and contype in ('c', 'f')), (select string_agg(regexp_replace("
            "pg_get_indexdef(indexrelid), ' INDEX .* USING ', ' '), ', ' order by "
            "regexp_replace(pg_get_indexdef("
            "indexrelid), ' INDEX .* USING ', ' ')) from pg_index where indrelid = p), (select count(*) from "
            "pg_trigger where tgrelid = p and not tgisinternal)) from (select '" +
            part + "'::regclass as p) x");
    };
    auto const expected = described("prompt_executions_earlier");
    CHECK_THAT(expected, holds("prompt_executions_status_check") && holds("UNIQUE btree (id, executed_at)"));
    CHECK(described("prompt_executions_2040_02") == expected);
    CHECK(described("prompt_executions_default") == expected);
}

TEST_CASE_METHOD(by_month, "the questions of the earlier system's verifier get the answers that it knows",
                 "[schema]")
{
    CHECK(value("select count(*) from information_schema.tables where table_schema = 'public' and table_type "
                "= 'BASE TABLE' "
                "and table_name in ('prompt_templates', 'prompt_executions', 'prompt_guardrails', "
                "'ab_test_experiments', "
                "'schema_migrations')") == "5");
    CHECK(value("select count(*) from pg_indexes where schemaname = 'public' and indexname like 'idx\\_%'") ==
          "16");
    CHECK(value("select string_agg(indexname, ' ' order by indexname) from pg_indexes where schemaname = "
                "'public' and "
                "tablename = 'prompt_executions' and indexname like 'idx\\_%'") ==
          "idx_prompt_executions_errors idx_prompt_executions_guardrails idx_prompt_executions_request "
          "idx_prompt_executions_template idx_prompt_executions_user");
    CHECK(value("select count(*) from information_schema.triggers where trigger_schema = 'public' and "
                "(trigger_name, "
                "event_object_table) in (('trigger_update_template_statistics', 'prompt_executions'), "
                "('trigger_update_ab_test_statistics', 'prompt_executions')) and event_manipulation = "
                "'INSERT'") == "2");
    CHECK(value("select count(*) from information_schema.triggers where trigger_name = "
                "'trigger_enforce_single_active_template' and event_object_table = 'prompt_templates'") ==
          "2");
}

TEST_CASE_METHOD(by_month, "a look by id and time meets one partition, a list by prompt its index",
                 "[schema]")
{
    for (auto const* day : {"2040-01-01", "2040-04-01", "2040-07-01", "2040-10-01"}) {
        static_cast<void>(keep(day));
    }
    run("insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, "
        "status, "
        "executed_at) select 'p' || n % 2, 1, '{}', '', 'rendered', timestamptz '2040-01-01' + n * interval "
        "'1 hour' "
        "from generate_series(1, 8000) n");
    run("analyze prompt_executions");
    auto const plan = [this](std::string const& sql) {
        std::string lines;
        for (auto const& row : database->query("explain (costs off) " + sql)) {
            lines += row[0] + '\n';
        }
        return lines;
    };
    auto const by_id =
        plan("select * from prompt_executions where id = '01900000-0000-7000-8000-000000000000' and "
             "executed_at >= '2040-03-05 10:00:00+00' and executed_at < '2040-03-05 10:00:00.001+00'");
    CHECK_THAT(by_id, holds("prompt_executions_2040_03_pkey") && !holds("2040_02") && !holds("default"));
    auto const page = plan(
        "select id, executed_at, status from prompt_executions where template_name = 'p1' and executed_at >= "
        "'2040-02-01' and executed_at < '2040-06-01' and executed_at <= '2040-05-05' and "
        "(executed_at, id) < ('2040-05-05', '01900000-0000-7000-8000-000000000000') order by executed_at "
        "desc, id desc limit 20");
    INFO(page);
    CHECK_THAT(page, holds("prompt_executions_2040_05_template_name_executed_at_id_idx") &&
                         !holds("Seq Scan") && !holds("Sort") && !holds("2040_06") && !holds("2040_01"));
    auto const of_all = plan(
        "select e.* from unnest(array['rendered', 'success', 'failure', 'partial', 'blocked']) s (status) "
        "cross join lateral (select id, executed_at from prompt_executions x where x.status = s.status "
        "and x.executed_at >= '2040-02-01' and x.executed_at < '2040-06-01' order by x.executed_at "
        "desc, x.id desc limit 20) e order by e.executed_at desc, e.id desc limit 20");
    INFO(of_all);
    CHECK_THAT(of_all, holds("status_executed_at_idx") && !holds("Seq Scan") && !holds("2040_06"));
}

TEST_CASE_METHOD(by_month, "an execution that is sent twice is logged and counted once", "[schema]")
{
    auto const send = [this] {
        run("insert into prompt_executions (id, executed_at, template_id, template_name, template_version, "
            "input_variables, "
            "rendered_prompt, status) select '01900000-0000-7000-8000-000000000000', '2026-01-01 "
            "00:00:00+00', id, name, 1, "
            "'{}', '', 'success' from prompt_templates where name = 'nlu_topic_extraction' on conflict (id, "
            "executed_at) "
            "do nothing");
    };
    send();
    send();
    CHECK(value("select count(*) || ' ' || (select total_executions from prompt_templates where name = "
                "'nlu_topic_extraction') from prompt_executions") == "1 1");
}
