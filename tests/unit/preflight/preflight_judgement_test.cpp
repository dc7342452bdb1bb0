// What the facts mean, where no server of ours shows them.
#include "preflight_judgement.hpp"

#include "catch.hpp"

using schemagate::judge_preflight;
using schemagate::preflight_intent;
using support::holds;

namespace {

schemagate::postgres::preflight_facts good()
{
    schemagate::postgres::preflight_facts facts;
    facts.server_version = 150018;
    facts.encoding = "UTF8";
    facts.database = "data";
    facts.role = "role";
    facts.login = "role";
    facts.may_create_schema = true;
    facts.target_schema_there = true;
    facts.may_create_in_target_schema = true;
    facts.may_use_target_schema = true;
    return facts;
}

preflight_intent first_boot()
{
    preflight_intent intent;
    intent.catalog = "test";
    intent.history_schema = "schemagate";
    intent.target_schema = "public";
    intent.history_empty = true;
    intent.first_script = "0001_make";
    intent.creations = {{{"", "made"}, true}};
    return intent;
}

} // namespace

TEST_CASE("where nothing is in the way, nothing is said", "[preflight]")
{
    auto const judged = judge_preflight(good(), first_boot());
    CHECK_FALSE(judged.refusal.has_value());
    CHECK(judged.warnings.empty());
    CHECK(judged.overridden.empty());
}

TEST_CASE("a server that cannot keep the history is refused, an untested one is named", "[preflight]")
{
    auto facts = good();
    facts.server_version = 90624;
    auto const refused = judge_preflight(facts, first_boot()).refusal;
    REQUIRE(refused.has_value());
    CHECK(refused->code_name() == "server-too-old");
    CHECK(refused->exit_code() == 78);
    CHECK_THAT(refused->message(), holds("PostgreSQL 9.6"));

    facts.server_version = 100001;
    CHECK_FALSE(judge_preflight(facts, first_boot()).refusal.has_value());
    facts.server_version = 120022;
    auto const warned = judge_preflight(facts, first_boot());
    CHECK_FALSE(warned.refusal.has_value());
    REQUIRE(warned.warnings.size() == 1);
    CHECK_THAT(warned.warnings[0], holds("PostgreSQL 12"));
    facts.server_version = 130000;
    CHECK(judge_preflight(facts, first_boot()).warnings.empty());
}

TEST_CASE("a server that has become read-only since the boot looked is safe to try again", "[preflight]")
{
    auto facts = good();
    (GENERATE(true, false) ? facts.in_recovery : facts.read_only) = true;
    auto const refused = judge_preflight(facts, first_boot()).refusal;
    REQUIRE(refused.has_value());
    CHECK(refused->exit_code() == 75);
}

TEST_CASE("names that hold quotes are quoted in the GRANT", "[preflight]")
{
    auto facts = good();
    facts.may_create_schema = false;
    facts.role = "o\"brien";
    auto const refused = judge_preflight(facts, first_boot()).refusal;
    REQUIRE(refused.has_value());
    CHECK_THAT(refused->fix(), holds("GRANT CREATE ON DATABASE \"data\" TO \"o\"\"brien\";"));
}

TEST_CASE("a right is only asked for where its absence is sure to fail", "[preflight]")
{
    auto facts = good();
    facts.may_use_target_schema = false;
    auto intent = first_boot();
    CHECK(judge_preflight(facts, intent).refusal.has_value());
    intent.creations = {{{"public", "made"}, true}}; // found by its full name without USAGE
    CHECK_FALSE(judge_preflight(facts, intent).refusal.has_value());
    facts.may_create_in_target_schema = false;
    CHECK(judge_preflight(facts, intent).refusal.has_value());
    intent.creations = {{{"app", "made"}, true}};
    CHECK_FALSE(judge_preflight(facts, intent).refusal.has_value());
    intent.creations = {};
    CHECK_FALSE(judge_preflight(facts, intent).refusal.has_value());
    intent = first_boot();
    facts.target_schema_there = false; // an earlier statement may make it
    CHECK_FALSE(judge_preflight(facts, intent).refusal.has_value());
    facts.may_create_schema = false;
    facts.history_schema_there = true;
    facts.history_table_there = true;
    CHECK_FALSE(judge_preflight(facts, intent).refusal.has_value());
}
