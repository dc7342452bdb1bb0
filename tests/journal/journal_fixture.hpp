// The journal on a migrated database of a server of its own, seen from outside by plain libpq.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "database/database.hpp"
#include "execution/execution_store.hpp"
#include "execution/uuid_v7.hpp"
#include "journal/journal.hpp"
#include "private_server.hpp"
#include "schemagate/embedded_catalog.hpp"

namespace journal_tests {

using namespace std::chrono_literals;
using app::database_error;
using app::execution;
using app::execution_status;
using app::outcome;
using kind = app::database_error::kind;

inline schemagate::settings settings_for(std::string const& url)
{
    schemagate::settings with;
    with.database_url = schemagate::database_url_text{schemagate::secret{url}, "the test", {}};
    with.application = "tested service";
    return with;
}

/// One server for the binary, or one of the test's own where it is stopped: what is committed survives there.
struct log_database
{
    explicit log_database(bool own = false)
        : mine{own ? std::make_unique<support::private_server>(
                         support::server_options{.config = {"synchronous_commit = on"}})
                   : nullptr},
          server{own ? *mine : support::private_server::shared()}
    {
        if (own) {
            schemagate::testing::template_database schema{server.of_templates(),
                                                          schemagate::embedded_catalog()};
            database = server.create_database(schema);
            run("checkpoint"); // the copy of a template is not in the log that a crash leaves
        }
        else {
            static schemagate::testing::template_database schema{server.of_templates(),
                                                                 schemagate::embedded_catalog()};
            database = server.create_database(schema);
        }
    }

    std::unique_ptr<support::private_server> mine;
    support::private_server& server;
    std::unique_ptr<support::test_database> database;

    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    void run(std::string const& sql) const { database->run(sql); }
    [[nodiscard]] int rows() const { return std::stoi(value("select count(*) from prompt_executions")); }
    [[nodiscard]] std::string status_of(std::string const& id) const
    {
        return value("select status from prompt_executions where id = '" + id + "'");
    }
    void end_journal_connection() const
    {
        run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
            "application_name like 'tested service%'");
    }
};

inline execution render_of(std::string const& prompt = "nlu_topic_extraction", std::string text = "the text")
{
    execution e;
    e.id = app::new_uuid_v7();
    e.prompt_name = prompt;
    e.prompt_version = 1;
    e.request_id = "req-1";
    e.variables = R"({"student_query": "why?"})";
    e.rendered = std::move(text);
    e.action = "allow";
    return e;
}

inline outcome outcome_of(execution_status status, std::string response = "yes")
{
    outcome o;
    o.status = status;
    o.result.response = std::move(response);
    return o;
}

/// What durable listeners were told.
class told
{
public:
    app::durable_listener listener(std::string id = {})
    {
        return [this, id = std::move(id)](std::optional<database_error> const& e) {
            std::lock_guard const lock{mutex_};
            if (e) {
                failures_.push_back(e->reason());
            }
            else {
                written_.push_back(id);
            }
        };
    }
    [[nodiscard]] std::vector<std::string> written() const
    {
        std::lock_guard const lock{mutex_};
        return written_;
    }
    [[nodiscard]] std::vector<kind> failures() const
    {
        std::lock_guard const lock{mutex_};
        return failures_;
    }
    [[nodiscard]] std::size_t answers() const
    {
        std::lock_guard const lock{mutex_};
        return written_.size() + failures_.size();
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> written_;
    std::vector<kind> failures_;
};

template <typename F>
bool becomes_true(F const& question, std::chrono::milliseconds limit = 20s)
{
    auto const until = std::chrono::steady_clock::now() + limit;
    while (!question()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

/// A journal on such a database, with its log and its metrics.
struct fixture : log_database
{
    explicit fixture(app::journal_options options = {}, bool own = false, std::string const& url = {})
        : log_database{own}, target{settings_for(url.empty() ? database->url() : url)}, journal{target,
                                                                                                options, log,
                                                                                                registry}
    {}

    std::ostringstream words;
    std::shared_ptr<spdlog::logger> log =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(words));
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    app::database_target target;
    app::journal journal;

    [[nodiscard]] double metric(std::string const& name) const
    {
        for (auto const& family : registry->Collect()) {
            if (family.name == "prompt_service_journal_" + name) {
                return family.metric.at(0).gauge.value + family.metric.at(0).counter.value;
            }
        }
        return -1;
    }
    /// The row as the store reads it.
    [[nodiscard]] std::optional<execution> stored(std::string const& id)
    {
        app::database pool{target};
        app::execution_store const store{pool.schema()};
        return pool.read([&](app::database_connection& c) { return store.find(c, id); });
    }
};

} // namespace journal_tests
