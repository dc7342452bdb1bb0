// Scripts that only a job runs (PROTOCOL.md, "Script files": only-job).
#include <chrono>
#include <thread>

#include "engine.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;

using namespace std::chrono_literals;

namespace {

schemagate::catalog with_job_script()
{
    return memory_catalog(
        {{"1_a.sql", "create table a (id int);\n"},
         {"2_job.sql", "-- schemagate: only-job\ncreate table big (id int);\n"},
         {"3_c.sql", "create table c (id int);\n", "select 1/count(*) from c having count(*) >= 0;\n"}});
}

} // namespace

TEST_CASE_METHOD(fixture, "only-job: a boot applies what comes before, and waits for a job to run it",
                 "[job]")
{
    auto const shipped = with_job_script();
    with.lock_wait = 300ms;
    auto const waited = boot(shipped);
    REQUIRE(waited.code() == "standby-waiting");
    CHECK(waited.failure->exit_code() == 75);
    CHECK(std::string{waited.failure->what()}.find("2_job.sql is only for a job") != std::string::npos);
    CHECK(exists("a"));
    CHECK_FALSE(exists("big"));
    CHECK_FALSE(exists("c"));
}

TEST_CASE_METHOD(fixture, "only-job: the waiting boot goes on once the job has run", "[job]")
{
    auto const shipped =
        memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                        {"2_job.sql", "-- schemagate: only-job\ncreate table big (id int);\n"},
                        {"3_c.sql", "create table c (id int);\n"}});
    std::thread job;
    events->then = [&](schemagate::event const& e) {
        if (!job.joinable() && e.step == step::lock && e.outcome == outcome::waiting) {
            job = std::thread{[&shipped, as_job = with]() mutable {
                as_job.job = true;
                static_cast<void>(engine::boot(as_job, shipped));
            }};
        }
    };
    auto const done = boot(shipped);
    REQUIRE(job.joinable());
    job.join();
    CHECK(done.code() == "done");
    CHECK(done.report->applied() == std::vector<std::string>{"1_a"});
    CHECK(value("select string_agg(version, ',' order by id) from schemagate.history where verified_at is "
                "not null") == "1,2,3");
}

TEST_CASE_METHOD(fixture, "only-job: a job runs it in its place", "[job]")
{
    with.job = true;
    CHECK(boot(with_job_script()).code() == "check-failed"); // its twin ran, so everything was there
    CHECK(value("select string_agg(version, ',' order by id) from schemagate.history") == "1,2,3");
}
