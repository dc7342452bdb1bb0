// What `status` and `plan` say of repeatable scripts and of those outside a transaction.
#include "survey_report.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "catch.hpp"

using namespace schemagate;

namespace {

history_row recorded(std::string version, std::string const& text, std::string kind = "versioned")
{
    static std::int64_t id = 0;
    history_row row;
    row.id = ++id;
    row.kind = std::move(kind);
    row.version = std::move(version);
    row.description = row.kind == "repeatable" ? row.version : "x";
    row.checksum = sha256_hex(text);
    row.state = "applied";
    row.verified = true;
    row.applied_at = "2026-11-22T21:03:00Z";
    return row;
}

history_row begun(history_row row, int steps)
{
    row.state = "running";
    row.applied_at.clear();
    row.statement_reached = steps;
    return row;
}

constexpr std::string_view blocks = "-- schemagate: own-transactions\n"
                                    "begin; select 1; select 2; commit;\n"
                                    "vacuum t;\n"
                                    "select 3;\n";

catalog shipped()
{
    static constexpr std::array scripts{
        script{"1_x.sql", "1"},
        script{"2_x.sql", blocks},
        script{"3_x.sql", "-- schemagate: only-job\nselect 1;\n"},
        script{"R_totals.sql", "b"},
        script{"R_vacuum.sql", "vacuum;", "", "", false},
    };
    return catalog{"test", scripts};
}

survey looked_at(catalog const& of, history rows)
{
    survey s;
    s.where = "postgresql://h/d";
    s.has_history = !rows.empty();
    s.recorded = std::move(rows);
    s.planned = make_plan(of, s.recorded, {});
    return s;
}

boost::json::object entry(boost::json::object const& report, char const* list, std::size_t at)
{
    return report.at(list).as_array().at(at).as_object();
}

} // namespace

TEST_CASE("plan says how each pending script runs", "[plan]")
{
    auto const c = shipped();
    auto const s = looked_at(c, {recorded("1", "1"), begun(recorded("2", std::string{blocks}), 1)});
    auto const text = plan_text(s);
    CHECK_THAT(text, support::holds("4 to apply, in this order"));
    CHECK_THAT(text, support::holds("1  2_x       outside a transaction, resumes at statement 5\n"));
    CHECK_THAT(text, support::holds("2  3_x       only by a job\n"));
    CHECK_THAT(text, support::holds("3  R_totals"));
    CHECK_THAT(text, support::holds("4  R_vacuum  outside a transaction\n"));

    auto const json = plan_json(s);
    auto const first = entry(json, "pending", 0);
    CHECK(first.at("version") == "2");
    CHECK(first.at("kind") == "versioned");
    CHECK(first.at("transactional") == false);
    CHECK(first.at("only_job") == false);
    CHECK(first.at("resumes_at_statement").to_number<int>() == 5);
    CHECK(entry(json, "pending", 1).at("only_job") == true);
    CHECK(entry(json, "pending", 1).at("resumes_at_statement").is_null());
    auto const last = entry(json, "pending", 3);
    CHECK(last.at("version").is_null());
    CHECK(last.at("name") == "R_vacuum");
    CHECK(last.at("kind") == "repeatable");
}

TEST_CASE("status lists a script that was begun once, with the statement it resumes at", "[status]")
{
    auto const c = shipped();
    auto const s = looked_at(c, {recorded("1", "1"), begun(recorded("2", std::string{blocks}), 2),
                                 recorded("totals", "b", "repeatable")});
    auto const text = status_text(s);
    CHECK_THAT(text, support::holds("2        x          running, resumes at statement 6"));
    CHECK_THAT(text, support::holds("R        totals     applied (repeatable)"));
    CHECK_THAT(text, support::holds("R        vacuum     pending (repeatable)"));

    auto const json = status_json(s);
    CHECK(json.at("schema_version") == "1");
    REQUIRE(json.at("migrations").as_array().size() == 5);
    auto const totals = entry(json, "migrations", 1);
    CHECK(totals.at("name") == "R_totals");
    CHECK(totals.at("version").is_null());
    CHECK(totals.at("kind") == "repeatable");
    CHECK(totals.at("state") == "applied");
    auto const two = entry(json, "migrations", 2);
    CHECK(two.at("state") == "running");
    CHECK(two.at("resumes_at_statement").to_number<int>() == 6);
    CHECK(two.at("applied_at").is_null());
}

TEST_CASE("status shows the newest text of a repeatable script alone", "[status]")
{
    auto const c = shipped();
    auto const s = looked_at(c, {recorded("1", "1"), recorded("totals", "a", "repeatable"),
                                 recorded("totals", "b", "repeatable")});
    auto const all = status_json(s).at("migrations").as_array();
    CHECK(std::count_if(all.begin(), all.end(), [](boost::json::value const& each) {
              return each.as_object().at("name") == "R_totals";
          }) == 1);
}

TEST_CASE("a script that another binary began is shown as what it is", "[status]")
{
    auto const c = shipped();
    auto rows = history{recorded("1", "1"), recorded("2", std::string{blocks}),
                        recorded("3", "-- schemagate: only-job\nselect 1;\n"), begun(recorded("4", "?"), 7),
                        begun(recorded("other", "?", "repeatable"), 1)};
    auto const s = looked_at(c, rows);
    auto const text = status_text(s);
    CHECK_THAT(text, support::holds("running, 7 steps done"));
    CHECK_THAT(text, support::holds("running (repeatable), 1 step done"));
    CHECK_THAT(text, support::holds("the database is ahead of these migrations"));
    CHECK(entry(status_json(s), "migrations", 3).at("state") == "running");
}

TEST_CASE("a text with fewer statements than are done is not given a statement to resume at", "[status]")
{
    auto const c = shipped();
    auto const s = looked_at(c, {recorded("1", "1"), begun(recorded("2", "longer"), 9)});
    CHECK_THAT(status_text(s), support::holds("running, was begun, with 9 steps done"));
    CHECK(entry(plan_json(s), "pending", 0).at("resumes_at_statement").is_null());
}
