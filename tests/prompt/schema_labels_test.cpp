// Labels: where each points, every move, and the archive (0004).
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

namespace {

struct labelled : fixture
{
    labelled()
    {
        add_version("own", 1, "one", true);
        add_version("own", 2, "two", false);
        add_version("own", 3, "three", false);
    }
    [[nodiscard]] std::string labels() const
    {
        return value("select string_agg(label || ' ' || version, ', ' order by label collate \"C\") from "
                     "v_prompt_labels where prompt_name = 'own'");
    }
    [[nodiscard]] std::string moves(std::string const& label) const
    {
        return value(
            "select coalesce(string_agg(concat(from_version, '>', to_version, ' ', moved_by, ' ', reason), "
            "', ' order by id), '') from prompt_label_moves where prompt_name = 'own' and label = '" +
            label + "'");
    }
    /// As the service moves production.
    void to_production(int version, std::string const& by) const
    {
        run("begin; select from prompts where name = 'own' for update; update prompt_templates set is_active "
            "= true, "
            "ab_test_group = null, updated_by = '" +
            by + "' where name = 'own' and version = " + std::to_string(version) + "; commit");
    }
};

} // namespace

TEST_CASE_METHOD(labelled, "production and latest are labels that nobody stores", "[schema]")
{
    CHECK(labels() == "latest 3, production 1");
    run("insert into prompt_labels values ('own', 'staging', 2)");
    CHECK(labels() == "latest 3, production 1, staging 2");
    for (std::string const reserved : {"production", "latest"}) {
        CHECK_THAT(refusal("insert into prompt_labels values ('own', '" + reserved + "', 1)"),
                   holds("prompt_labels_label_check"));
    }
}

TEST_CASE_METHOD(labelled, "a label is a short name in small letters, of a version that is there", "[schema]")
{
    auto const accepted = [this](std::string const& label, int version = 1) {
        return refusal("insert into prompt_labels values ('own', " + support::sql_literal(label) + ", " +
                       std::to_string(version) + ")");
    };
    CHECK(accepted("a") == "accepted");
    CHECK(accepted("2026.q1_x-y") == "accepted");
    CHECK(accepted(std::string(36, 'a')) == "accepted");
    for (std::string const& wrong : {std::string{}, std::string{"A"}, std::string{".a"}, std::string{"-a"},
                                     std::string{"a b"}, std::string{"a\n"}, std::string{"\xC3\xA4"}}) {
        INFO(wrong);
        CHECK_THAT(accepted(wrong), holds("prompt_labels_label_check"));
    }
    CHECK_THAT(accepted(std::string(37, 'a')), holds("22001"));
    CHECK_THAT(accepted("other", 9), holds("prompt_labels_version_fkey"));
}

TEST_CASE_METHOD(labelled, "each move of a stored label is kept: from, to, who, why", "[schema]")
{
    run("insert into prompt_labels (prompt_name, label, version, moved_by) values ('own', 'staging', 1, "
        "'ann')");
    run("begin; select set_config('prompt_service.actor', 'bob', true), set_config('prompt_service.reason', "
        "'faster', "
        "true); insert into prompt_labels (prompt_name, label, version, moved_by) values ('own', 'staging', "
        "2, 'bob') "
        "on conflict (prompt_name, label) do update set version = excluded.version, moved_by = "
        "excluded.moved_by; "
        "commit");
    run("update prompt_labels set version = 2, moved_at = now()"); // where it is
    run("begin; select set_config('prompt_service.actor', 'cat', true); delete from prompt_labels; commit");
    CHECK(moves("staging") == ">1 ann , 1>2 bob faster, 2> cat ");
    // The reason and the actor were the transaction's.
    run("insert into prompt_labels (prompt_name, label, version) values ('own', 'next', 1)");
    CHECK(moves("next") == ">1  ");
}

TEST_CASE_METHOD(labelled, "production's history is that of activation, whoever activates, one row a move",
                 "[schema]")
{
    CHECK(moves("production") == ">1  ");
    run("update prompt_templates set is_active = true, updated_by = 'old' where name = 'own' and version = "
        "2");
    to_production(3, "new");
    to_production(3, "again");
    run("update prompt_templates set is_active = false, deactivated_by = 'dan' where name = 'own' and "
        "version = 3");
    run("update prompt_templates set is_active = true where name = 'own' and version = 1");
    CHECK(moves("production") == ">1  , 1>2 old , 2>3 new , 3> dan , >1  ");
    CHECK(labels() == "latest 3, production 1");

    run("insert into prompt_templates (name, version, template_text, is_active, created_by) values "
        "('own', 4, '', true, 'eve')");
    CHECK_THAT(moves("production"), holds(", 1>4 eve "));
    run("delete from prompt_templates where name = 'own' and version = 4");
    CHECK_THAT(moves("production"), holds(", 4> postgres ") || holds(", 4> "));
}

TEST_CASE_METHOD(labelled, "a statement that activates every version is one move, and one version stays",
                 "[schema]")
{
    run("update prompt_templates set is_active = true, updated_by = 'bulk' where name = 'own'");
    CHECK(value("select count(*) from prompt_templates where name = 'own' and is_active") == "1");
    CHECK(value("select count(*) from prompt_label_moves where prompt_name = 'own' and moved_by = 'bulk'") ==
          "1");
    CHECK(
        value("select m.to_version = t.version from prompt_templates t, (select to_version from "
              "prompt_label_moves "
              "where prompt_name = 'own' order by id desc limit 1) m where t.name = 'own' and t.is_active") ==
        "t");
}

TEST_CASE_METHOD(labelled,
                 "moving production takes a version out of its A/B group; a group is not production",
                 "[schema]")
{
    run("update prompt_templates set is_active = true, ab_test_group = 'variant_a' where name = 'own' and "
        "version = 2");
    CHECK(labels() == "latest 3, production 1");
    to_production(2, "ann");
    CHECK(value("select string_agg(version || coalesce(ab_test_group, '-'), ' ') from prompt_templates where "
                "name = "
                "'own' and is_active") == "2-");
    CHECK(moves("production") == ">1  , 1>2 ann ");
    run("update prompt_templates set ab_test_group = 'variant_b' where name = 'own' and version = 2");
    CHECK(moves("production") == ">1  , 1>2 ann , 2> ann ");
}

TEST_CASE_METHOD(labelled, "a move that is rolled back leaves no trace", "[schema]")
{
    run("begin; update prompt_templates set is_active = true where name = 'own' and version = 2; rollback");
    run("begin; savepoint s; update prompt_templates set is_active = true where name = 'own' and version = "
        "2; "
        "rollback to s; update prompt_templates set is_active = true, updated_by = 'b' where name = 'own' "
        "and version = "
        "3; commit");
    CHECK(moves("production") == ">1  , 1>3 b ");
}

TEST_CASE_METHOD(labelled, "the history of labels, and the audit log, give nothing back", "[schema]")
{
    run("insert into audit_log (actor, action, object_type, object_name, details, request_id) values "
        "('ann', 'prompt.create', 'prompt', 'own', '{\"version\": 1}', 'r1')");
    auto const relation = GENERATE(values<std::string>({"prompt_label_moves", "audit_log"}));
    for (auto const& change : {"update " + relation + " set id = default", "delete from " + relation,
                               "delete from " + relation + " where false", "truncate " + relation}) {
        INFO(change);
        CHECK_THAT(refusal(change), holds("PS003") && holds(relation + " is append-only"));
    }
    CHECK(value("select count(*) > 0 from " + relation) == "t");
}

TEST_CASE_METHOD(labelled, "a prompt that something points at is not archived, and the refusal names it",
                 "[schema]")
{
    auto const archive = [this] {
        return refusal("update prompts set archived_at = now(), archived_by = 'ann' where name = 'own'");
    };
    run("insert into prompt_labels values ('own', 'staging', 2)");
    CHECK_THAT(archive(),
               holds("PS005") && holds("the label production (version 1), the label staging (version 2)"));
    run("delete from prompt_labels; update prompt_templates set is_active = false where name = 'own'");
    run("insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select 'x', 'own', 'active', id, array[id], '{\"control\": "
        "100}', 'm' from "
        "prompt_templates where name = 'own' and version = 1");
    CHECK_THAT(archive(), holds("PS005") && holds("the running experiment x"));
    run("update ab_test_experiments set status = 'completed'");
    CHECK(archive() == "accepted");
    CHECK(labels() == "latest 3");

    SECTION("a label takes it out of the archive")
    {
        run("insert into prompt_labels values ('own', 'staging', 2)");
        CHECK(value("select archived_at is null and archived_by is null from prompts where name = 'own'") ==
              "t");
    }
    SECTION("a client of the earlier system does so by activating")
    {
        run("update prompt_templates set is_active = true where name = 'own' and version = 2");
        CHECK(value("select archived_at is null and archived_by is null from prompts where name = 'own'") ==
              "t");
    }
    SECTION("a version without a label does not")
    {
        add_version("own", 4, "four", false);
        CHECK(value("select archived_at is null from prompts where name = 'own'") == "f");
    }
}
