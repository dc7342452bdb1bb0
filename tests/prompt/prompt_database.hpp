// A migrated database of its own for each test, and the few statements that most of them share.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.hpp"
#include "programs.hpp"

namespace prompts {

struct fixture
{
    std::unique_ptr<support::test_database> database = programs::migrated_database();

    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    void run(std::string const& sql) const { database->run(sql); }

    /// The SQLSTATE with which the server refuses the statement, and its words; "accepted" if it does not.
    [[nodiscard]] std::string refusal(std::string const& sql) const
    {
        try {
            run(sql);
            return "accepted";
        }
        catch (std::runtime_error const& e) {
            return e.what();
        }
    }

    void add_version(std::string const& name, int version, std::string const& text, bool active) const
    {
        run("insert into prompt_templates (name, category, version, template_text, is_active) values (" +
            support::sql_literal(name) + ", 'nlu', " + std::to_string(version) + ", " +
            support::sql_literal(text) + ", " + (active ? "true" : "false") + ")");
    }
    /// `columns` and `values` are added to what every execution needs.
    void log_execution(std::string const& name, std::string const& status, std::string const& columns = {},
                       std::string const& values = {}) const
    {
        run("insert into prompt_executions (template_id, template_name, template_version, input_variables, "
            "rendered_prompt, status" +
            columns + ") select id, name, version, '{}', '', '" + status + "'" + values +
            " from prompt_templates where is_active and name = " + support::sql_literal(name));
    }
};

/// The fixture with `prompt-service` on its database.
struct served : fixture
{
    programs::service backend{{{"DATABASE_URL", database->url()}}};

    served() { REQUIRE(backend.is_ready()); }

    [[nodiscard]] support::http_answer get(std::string const& target) const { return backend.get(target); }
    /// Whether the answer becomes as wanted: what SQL clients change is served within about a second.
    [[nodiscard]] bool eventually(std::string const& target,
                                  std::function<bool(support::http_answer const&)> const& wanted) const
    {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!wanted(get(target))) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return true;
    }
    /// The version that a fetch gets becomes `number`.
    [[nodiscard]] bool serves_version(std::string const& name, int number) const
    {
        return eventually("/v1/prompts/" + name, [number](support::http_answer const& a) {
            return a.status == 200 && boost::json::parse(a.body).as_object().at("version") == number;
        });
    }
    /// The answer's JSON object; the test fails unless the answer is 200.
    [[nodiscard]] boost::json::object object(std::string const& target) const
    {
        auto const answer = get(target);
        INFO(target << ": " << answer.body);
        REQUIRE(answer.status == 200);
        return boost::json::parse(answer.body).as_object();
    }
};

/// The three that every database starts with.
inline std::vector<std::string> const seeds{"clarification_question_generation",
                                            "educational_script_generation", "nlu_topic_extraction"};

} // namespace prompts
