// Experiments as one array of variants, keys, and prices (0005, 0007, 0008).
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

namespace {

struct with_experiment : fixture
{
    with_experiment()
    {
        add_version("own", 1, "one", true);
        add_version("own", 2, "two", false);
        add_version("own", 3, "three", false);
    }
    /// As the service writes one: all five columns.
    [[nodiscard]] std::string add(std::string const& name, std::string const& variants) const
    {
        return refusal(
            "insert into ab_test_experiments (name, template_name, status, primary_metric, variants, "
            "traffic_allocation, "
            "control_template_id, variant_template_ids) select '" +
            name +
            "', 'own', 'draft', 'm', v.a, "
            "(select jsonb_agg(jsonb_build_object('variant', e ->> 'name', 'weight', e -> 'weight')) from "
            "jsonb_array_elements(v.a) e), id, array[id] from prompt_templates, (select '" +
            variants +
            "'::jsonb as a) v "
            "where name = 'own' and version = 1");
    }
    [[nodiscard]] std::string variants(std::string const& name) const
    {
        return value("select string_agg(concat_ws(' ', v ->> 'name', v ->> 'version', v ->> 'weight'), ', ' "
                     "order by n) "
                     "from ab_test_experiments, jsonb_array_elements(variants) with ordinality as a (v, n) "
                     "where name = '" +
                     name + "'");
    }
};

constexpr auto two =
    R"([{"name": "b", "version": 2, "weight": 30}, {"name": "control", "version": 1, "weight": 70}])";

} // namespace

TEST_CASE_METHOD(with_experiment, "variants keep their order, and a weight may be zero", "[schema]")
{
    CHECK(add("x", two) == "accepted");
    CHECK(variants("x") == "b 2 30, control 1 70");
    CHECK(add("y",
              R"([{"name": "a", "version": 1, "weight": 100}, {"name": "b", "version": 2, "weight": 0}])") ==
          "accepted");
    run("update ab_test_experiments set status = 'active' where name = 'x'");
    CHECK(value("select variants -> 0 ->> 'name' from v_active_ab_tests") == "b");
}

TEST_CASE_METHOD(with_experiment, "variants that make no sense are refused", "[schema]")
{
    auto const wrong = GENERATE(values<std::string>({
        "[]",
        "{}",
        "7",
        "[7]",
        "[[]]",
        R"([{"name": "a", "version": 1, "weight": 99}])",
        R"([{"name": "a", "version": 1, "weight": 100.5}])",
        R"([{"name": "a", "version": 1, "weight": 1e2000}])",
        R"([{"name": "a", "version": 1, "weight": "100"}])",
        R"([{"name": "a", "version": 1}])",
        R"([{"name": "a", "version": 1.5, "weight": 100}])",
        R"([{"name": "a", "version": 99999999999999999999, "weight": 100}])",
        R"([{"name": null, "version": 1, "weight": 100}])",
        R"([{"name": "a", "version": 1, "weight": 110}, {"name": "b", "version": 1, "weight": -10}])",
        R"([{"name": "a", "version": 1, "weight": 50}, {"name": "a", "version": 2, "weight": 50}])",
    }));
    INFO(wrong);
    CHECK(add("x", two) == "accepted");
    CHECK_THAT(refusal("update ab_test_experiments set variants = '" + wrong + "'"),
               holds("ab_test_experiments_variants_check"));
}

TEST_CASE_METHOD(with_experiment, "a variant is a version that its prompt has", "[schema]")
{
    CHECK_THAT(add("x", R"([{"name": "a", "version": 9, "weight": 100}])"),
               holds("PS006") && holds("does not have: 9"));
}

TEST_CASE_METHOD(with_experiment, "while an experiment runs nobody changes who gets what", "[schema]")
{
    REQUIRE(add("x", two) == "accepted");
    run("update ab_test_experiments set status = 'active'");
    auto const set = GENERATE(values<std::string>(
        {R"(variants = '[{"name": "a", "version": 1, "weight": 100}]')",
         R"(variants = '[{"name": "a", "version": 1, "weight": 100}]', status = 'completed')",
         "variants = null", "traffic_allocation = '{\"control\": 1, \"b\": 99}'",
         "template_name = 'nlu_topic_extraction'",
         "control_template_id = (select id from prompt_templates where name = 'own' and version = 3)",
         "variant_template_ids = array[gen_random_uuid()]"}));
    INFO(set);
    CHECK_THAT(refusal("update ab_test_experiments set " + set), holds("PS004") && holds("\"x\" is running"));
    CHECK(
        refusal(
            "update ab_test_experiments set status = 'completed', winner_variant = 'b', description = 'd'") ==
        "accepted");
    CHECK(
        refusal(
            R"(update ab_test_experiments set variants = '[{"name": "a", "version": 1, "weight": 100}]')") ==
        "accepted");
}

TEST_CASE_METHOD(with_experiment, "a client that knows the earlier columns alone gets its variants",
                 "[schema]")
{
    auto const insert = [this](std::string const& ids, std::string const& allocation) {
        run("delete from ab_test_experiments; insert into ab_test_experiments (name, template_name, status, "
            "control_template_id, variant_template_ids, traffic_allocation, primary_metric) select 'x', "
            "'own', 'draft', "
            "id, array(select id from prompt_templates where name = 'own' and version = any ('" +
            ids + "') order by version desc), '" + allocation +
            "', 'm' from prompt_templates where name = 'own' and version = 1");
        return variants("x");
    };
    CHECK(insert("{1}", R"({"control": 100})") == "control 1 100");
    CHECK(insert("{2}", R"({"variant_a": 40, "control": 60})") == "control 1 60, variant_a 2 40");
    CHECK(insert("{2, 3}", R"({"variant_a": 40, "control": 50, "variant_b": 10})") ==
          "control 1 50, variant_a 3 40, variant_b 2 10");
    CHECK(insert("{2}", R"([{"variant": "z", "weight": 40}, {"variant": "control", "weight": 60}])") ==
          "z 2 40, control 1 60");
    CHECK(insert("{2, 3}", R"({"variant_a": 40, "control": 60})") == "\\N"); // which of the two?
    CHECK(insert("{2}", R"({"variant_a": 33.3, "control": 66.7})") == "\\N");
    run("update prompt_templates set ab_test_group = 'variant_a' where name = 'own' and version = 2");
    CHECK(insert("{2, 3}", R"({"variant_a": 40, "control": 60})") == "control 1 60, variant_a 2 40");
    run("update ab_test_experiments set traffic_allocation = '{\"control\": 5, \"variant_a\": 95}'");
    CHECK(variants("x") == "control 1 5, variant_a 2 95");
}

TEST_CASE_METHOD(fixture, "a key is a SHA-256 with a scope, and nothing else", "[schema]")
{
    auto const add = [this](std::string const& hash, std::string const& scope) {
        return refusal("insert into api_keys (name, key_hash, scope) values ('k', " + hash + ", '" + scope +
                       "')");
    };
    CHECK(add("sha256('one')", "read") == "accepted");
    CHECK_THAT(add("sha256('one')", "admin"), holds("api_keys_key_hash_key"));
    CHECK_THAT(add("'one'", "read"), holds("api_keys_key_hash_check"));
    CHECK_THAT(add("sha256('two')", "root"), holds("api_keys_scope_check"));
}

TEST_CASE_METHOD(fixture, "a price is not below zero", "[schema]")
{
    CHECK(refusal("insert into model_prices values ('m', 0.075, 0.30)") == "accepted");
    CHECK_THAT(refusal("update model_prices set input_usd_per_million = -1"),
               holds("model_prices_input_usd_per_million_check"));
    CHECK_THAT(refusal("update model_prices set output_usd_per_million = -1"),
               holds("model_prices_output_usd_per_million_check"));
}
