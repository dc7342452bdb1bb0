// What /metrics of the real binary says after what the alerts are for. Each exposition is kept in a folder,
// where the rules' test (rules_test.bash) takes it from.
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "exposition_text.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

std::string kept(std::string const& name, std::string const& exposition)
{
    std::filesystem::create_directories(EXPOSITIONS_FOLDER);
    std::ofstream{std::filesystem::path{EXPOSITIONS_FOLDER} / (name + ".metrics")} << exposition;
    return "\n" + monitoring::samples(exposition);
}

/// Asks until a line begins with `sample`: the log, the probes and the metrics are told one after another.
std::string metrics_with(service const& backend, std::string const& sample)
{
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    for (;;) {
        auto text = backend.get("/metrics").body;
        if (text.find("\n" + sample) != std::string::npos || std::chrono::steady_clock::now() > deadline) {
            return text;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

auto line(std::string const& sample)
{
    return holds("\n" + sample + "\n");
}

std::string text_of(std::string const& file)
{
    std::ifstream in{std::filesystem::path{MONITORING_FOLDER} / file};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string const open_state = "schemagate_state{state=\"open\"} 1";
std::string const other_checksums = "update schemagate.history set checksum = repeat('0', 64),"
                                    " set_digest = repeat('0', 64)";
std::string const empty_again = "drop schema schemagate cascade; drop schema public cascade;"
                                " create schema public; grant all on schema public to public";
std::string const database_up = "prompt_service_database_up 1";

} // namespace

TEST_CASE("/metrics after a migration: applied, steps, admission, schema version, database up", "[metrics]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    auto const text = kept("migrated", metrics_with(backend, database_up));
    CHECK_THAT(text,
               line(open_state) && line(database_up) &&
                   line("schemagate_applied_total " + std::to_string(programs::migrations_on_empty())) &&
                   line("schemagate_pending 0") && line("schemagate_mode{mode=\"apply\"} 1") &&
                   line("schemagate_admission{admission=\"verified\"} 1") &&
                   line("schemagate_connect_attempts_total 1") && line("schemagate_drift_objects 0"));
    for (auto const* const step :
         {"read", "validate", "connect", "check", "lock", "plan", "verify", "open"}) {
        CHECK_THAT(text, holds("\nschemagate_step_seconds{step=\"" + std::string{step} + "\"} "));
    }
    CHECK_THAT(text,
               holds("schema_version=\"" + programs::newest_version() + "\"") && holds("catalog=\"sha256:"));
    CHECK_THAT(text, !holds("schema_version=\"\"") && !holds("schemagate_refusal"));
    CHECK_THAT(text, !holds("127.0.0.1") && !holds(support::private_server::password));
    CHECK(backend.terminate() == 0);

    // The next replica: nothing to do, and the rules' healthy run.
    service second{{{"DATABASE_URL", database->url()}}};
    REQUIRE(second.is_ready());
    auto const idle = kept("healthy", metrics_with(second, database_up));
    CHECK_THAT(idle, line(open_state) && line("schemagate_applied_total 0") && line(database_up) &&
                         line("schemagate_connect_attempts_total 1"));
    CHECK(second.terminate() == 0);
}

TEST_CASE("/metrics after the server was down first: failures by code, then open", "[metrics]")
{
    support::private_server own;
    auto const url = own.create_database()->url(); // dropped at once: a server that comes back without it
    own.stop();
    service backend{{{"DATABASE_URL", url}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    std::string const failures = "schemagate_connect_failures_total{code=\"unreachable\"} ";
    auto const down = kept("unreachable", metrics_with(backend, failures));
    CHECK_THAT(down, line("schemagate_state{state=\"connecting\"} 1") && line("schemagate_applied_total 0") &&
                         holds("\n" + failures));
    CHECK_THAT(down, !holds("prompt_service_database_up"));

    own.start();
    REQUIRE(backend.process().wait_for_output("database-missing"));
    auto const held = metrics_with(backend, "schemagate_refusal{code=\"database-missing\"} 1");
    CHECK_THAT("\n" + held, line("schemagate_connect_failures_total{code=\"database-missing\"} 1"));
}

TEST_CASE("/metrics with drift: how many objects, while the service is open", "[metrics]")
{
    auto const database = migrated_database();
    database->run("alter table prompt_templates alter category set default 'none'");
    // A leader looks for drift; the newest row unverified makes one.
    database->run("update schemagate.history set verified_at = null");
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    CHECK_THAT(kept("drift", metrics_with(backend, database_up)),
               line(open_state) && line("schemagate_drift_objects 1"));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("a database that is ahead is said in metric, probe, log and result line", "[metrics]")
{
    auto const database = migrated_database();
    database->run(
        "insert into schemagate.history (catalog, target_schema, kind, version, description, checksum,"
        " checksum_algorithm, state, started_at, finished_at, applied_by, application,"
        " application_version, host, server_version_num, wait_ms, retries, set_digest, verified_at)"
        " select catalog, target_schema, 'versioned', '9999', 'later', repeat('0', 64),"
        " checksum_algorithm, state, started_at, finished_at, applied_by, application,"
        " application_version, host, server_version_num, wait_ms, retries, repeat('0', 64),"
        " verified_at from schemagate.history order by id desc limit 1");
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    CHECK_THAT(metrics_with(backend, database_up), line("schemagate_admission{admission=\"ahead\"} 1") &&
                                                       line(open_state) && !holds("admission=\"verified\""));
    CHECK_THAT(backend.get("/readyz").body, holds("\"admission\":\"ahead\""));
    REQUIRE(backend.process().wait_for_output("boot_done"));
    CHECK(text(backend.closing(), "admission") == "ahead");
    REQUIRE(backend.process().wait_for_output("admission=ahead"));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("/metrics in mode skip on a primary: said so, and nothing was looked at", "[metrics]")
{
    auto const database = migrated_database();
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "skip"}}};
    REQUIRE(backend.is_ready());
    CHECK_THAT(kept("skipped_on_primary", metrics_with(backend, "schemagate_skipped_on_primary 1")),
               line("schemagate_skipped_on_primary 1") &&
                   line("schemagate_admission{admission=\"unchecked\"} 1") &&
                   line("schemagate_mode{mode=\"skip\"} 1") && holds("schema_version=\"\""));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("/metrics while a refusal is held: its code, until it is mended", "[metrics]")
{
    auto const database = migrated_database();
    database->run(other_checksums);
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    auto const refused = std::string{"schemagate_refusal{code=\"checksum-mismatch\"} 1"};
    REQUIRE(backend.process().wait_for_output("checksum-mismatch"));
    CHECK_THAT(kept("refused", metrics_with(backend, refused)),
               line(refused) && line("schemagate_state{state=\"open\"} 0"));
    CHECK(backend.get("/livez").status == 200);
    database->run(empty_again);
    REQUIRE(backend.is_ready());
    CHECK_THAT("\n" + metrics_with(backend, database_up),
               line(open_state) && line("schemagate_refusal{code=\"checksum-mismatch\"} 0"));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("/metrics while a refusal is held: another one that is found before the engine starts again",
          "[metrics]")
{
    auto const database = migrated_database();
    support::temporary_folder const secrets{"url"};
    auto const file = secrets.write("url", "postgresql://nobody:wrong@127.0.0.1:99999/none");
    service backend{{{"DATABASE_URL_FILE", file.string()}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.process().wait_for_output("boot_failed"));
    secrets.remove("url");
    auto const gone = std::string{"schemagate_refusal{code=\"file-unreadable\"} 1"};
    CHECK_THAT("\n" + metrics_with(backend, gone), line(gone));
    static_cast<void>(secrets.write("url", database->url()));
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}

TEST_CASE("/metrics of a service whose database went away: down, and up again", "[metrics]")
{
    support::private_server own;
    auto const database = own.create_database();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    REQUIRE(backend.get("/v1/prompts").status == 200);
    own.stop();
    CHECK(backend.get("/v1/prompts").status == 200); // from memory
    CHECK_THAT(kept("database_down", metrics_with(backend, "prompt_service_database_up 0")),
               line("prompt_service_database_up 0") && line("prompt_service_database_losses_total 1") &&
                   line(open_state));
    auto const ready = backend.get("/readyz");
    CHECK(ready.status == 200);
    CHECK_THAT(ready.body, Catch::Matchers::Contains("\"degraded\":true"));
    own.start();
    CHECK_THAT("\n" + metrics_with(backend, database_up), line(database_up));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("rules, dashboard and page speak only of metrics that a real /metrics has", "[metrics]")
{
    // All that a boot can say: from one that could not connect, was refused, mended and opened.
    support::private_server own;
    auto const database = own.create_database();
    REQUIRE(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}}).code == 0);
    database->run(other_checksums);
    own.stop();
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    own.start();
    REQUIRE(backend.process().wait_for_output("checksum-mismatch"));
    database->run(empty_again);
    REQUIRE(backend.is_ready());
    auto const known = monitoring::metric_names(metrics_with(backend, database_up));
    CHECK(known.size() >= 20);
    for (auto const* const file : {"schemagate.rules.yml", "schemagate.rules.test.yml", "dashboard.json"}) {
        auto const names = monitoring::metric_names(text_of(file));
        CHECK(names.size() >= 8);
        for (auto const& name : names) {
            INFO(file << " speaks of " << name);
            CHECK(known.count(name) == 1);
        }
    }
    std::set<std::string> listed; // the page names a histogram once, not its three series
    for (auto const& name : known) {
        auto const end = std::min({name.rfind("_bucket"), name.rfind("_sum"), name.rfind("_count")});
        auto const whole = name.substr(0, end);
        listed.insert(end != std::string::npos && known.count(whole + "_bucket") == 1 ? whole : name);
    }
    CHECK(monitoring::metric_names(text_of("README.md")) == listed); // it lists every one, and no other
    CHECK(backend.terminate() == 0);
}
