// TestPerformance: what a question costs, as plans and counts, which do not depend on the machine.
#include <algorithm>
#include <sstream>

#include "prompt_database.hpp"

using prompts::fixture;

namespace {

struct filled : fixture
{
    filled()
    {
        run("insert into prompt_templates (name, category, version, template_text, is_active) "
            "select 'p' || n % 500, 'c' || n % 20, 1 + n / 500, 'text', n >= 4500 from generate_series(0, "
            "4999) n;"
            "insert into prompt_executions (template_name, template_version, user_id, request_id, "
            "input_variables, "
            "rendered_prompt, status, executed_at) select 'p1', 1, 'u' || n % 200, gen_random_uuid(), '{}', "
            "'', "
            "case n % 500 when 0 then 'failure' else 'success' end, "
            "timestamptz '2026-01-01' + n * interval '1 second' from generate_series(1, 20000) n");
        run("vacuum analyze prompt_templates");
        run("vacuum analyze prompt_executions");
    }

    [[nodiscard]] std::string plan(std::string const& sql, std::string const& options = "costs off") const
    {
        std::string lines;
        for (auto const& row : database->query("explain (" + options + ") " + sql)) {
            lines += row[0] + '\n';
        }
        return lines;
    }
};

bool holds_part(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

// The rows of this test lie in the first partition. In the empty ones of the months to come, and in the
// default one, an index would save nothing.
std::string without_empty_months(std::string text)
{
    for (std::string const name :
         {"Seq Scan on prompt_executions_2", "Seq Scan on prompt_executions_default"}) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) {
            text.erase(at, name.size());
        }
    }
    return text;
}

} // namespace

TEST_CASE_METHOD(filled, "every frequent question uses an index, and reads no table from end to end",
                 "[TestPerformance]")
{
    std::vector<std::pair<std::string, std::string>> const questions{
        {"select template_text from prompt_templates where name = 'p77' and is_active and ab_test_group is "
         "null "
         "order by version desc, ab_test_group nulls first, created_at desc limit 1",
         "uq_prompt_templates_active"},
        {"select template_text from prompt_templates where name = 'p77' and version = 3",
         "uq_prompt_templates_name_version"},
        {"select name from prompt_templates where is_active and category = 'c7' order by name",
         "idx_prompt_templates_active"},
        {"select * from prompt_executions where user_id = 'u7' order by executed_at desc limit 10",
         "idx_prompt_executions_user"},
        {"select * from prompt_executions where request_id = '00000000-0000-0000-0000-000000000001'",
         "idx_prompt_executions_request"},
        {"select * from v_recent_execution_errors", "idx_prompt_executions_errors"},
    };
    for (auto const& [sql, index] : questions) {
        auto const seen = plan(sql);
        INFO(sql << '\n' << seen);
        CHECK(holds_part(seen, index));
        CHECK_FALSE(holds_part(without_empty_months(seen), "Seq Scan on prompt_"));
    }
}

TEST_CASE_METHOD(filled,
                 "one prompt's text costs at most a handful of pages, however many versions there are",
                 "[TestPerformance]")
{
    auto const json =
        boost::json::parse(plan("select template_text from prompt_templates where name = 'p77' and "
                                "is_active and ab_test_group is null",
                                "analyze, buffers, timing off, format json"));
    auto const& top = json.as_array().at(0).at("Plan");
    CHECK(top.at("Actual Rows").to_number<int>() == 1);
    CHECK(top.at("Shared Hit Blocks").to_number<int>() + top.at("Shared Read Blocks").to_number<int>() <= 6);
}

TEST_CASE("the error view reads no more rows when the log grows", "[TestPerformance]")
{
    filled const f;
    auto const rows_read = [&f] {
        auto const text = f.plan("select * from v_recent_execution_errors", "analyze, timing off, costs off");
        INFO(text);
        std::size_t most = 0;
        for (auto at = text.find("rows="); at != std::string::npos; at = text.find("rows=", at + 1)) {
            most = std::max(most, static_cast<std::size_t>(std::stoul(text.substr(at + 5))));
        }
        return most;
    };
    CHECK(rows_read() <= 100);
    f.run("insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, "
          "status) "
          "select 'p1', 1, '{}', '', 'failure' from generate_series(1, 5000)");
    f.run("vacuum analyze prompt_executions");
    CHECK(rows_read() <= 100);
}

TEST_CASE("a fetch, a list and a render ask the database nothing", "[TestPerformance]")
{
    support::private_server server{{.config = {"log_statement = all", "log_line_prefix = '%d|%u|%c|'"}}};
    auto const database = server.create_database();
    programs::service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    auto const before = server.log().size();
    for (auto const* target : {"/v1/prompts/nlu_topic_extraction", "/v1/prompts?limit=2",
                               "/v1/prompts/nlu_topic_extraction/versions/1"}) {
        for (int i = 0; i < 10; ++i) {
            REQUIRE(backend.get(target).status == 200);
        }
    }
    auto const log = server.log().substr(before);
    INFO(log);
    CHECK_FALSE(holds_part(log, "nlu_topic_extraction"));
    CHECK_FALSE(holds_part(log, "template_text")); // what a load of the prompts would ask for
}
