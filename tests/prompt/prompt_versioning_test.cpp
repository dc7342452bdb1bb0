// TestPromptVersioning: versions count from 1, and one of them serves.
#include "prompt_database.hpp"

using prompts::fixture;
using prompts::served;
using support::holds;

namespace {

std::string const active_of_own =
    "select string_agg(version::text || coalesce(ab_test_group, ''), ' ' order by "
    "version) from prompt_templates where name = 'own' and is_active";

} // namespace

TEST_CASE_METHOD(fixture, "versions begin at 1, and there is no version below", "[TestPromptVersioning]")
{
    CHECK(value("select min(version) || ' ' || max(version) from prompt_templates") == "1 1");
    CHECK_THAT(refusal("insert into prompt_templates (name, version, template_text) values ('own', 0, '')"),
               holds("prompt_templates_version_check"));
}

TEST_CASE_METHOD(served, "activating a version retires the one before, and going back works the same way",
                 "[TestPromptVersioning]")
{
    add_version("own", 1, "one", true);
    add_version("own", 2, "two", false);
    CHECK(serves_version("own", 1));
    run("update prompt_templates set is_active = true, updated_by = 'me' where name = 'own' and version = 2");
    CHECK(value(active_of_own) == "2");
    CHECK(value("select deactivated_at is not null and deactivated_by = 'me' from prompt_templates "
                "where name = 'own' and version = 1") == "t");
    CHECK(serves_version("own", 2));
    run("update prompt_templates set is_active = true where name = 'own' and version = 1");
    CHECK(value(active_of_own) == "1");
    CHECK(serves_version("own", 1));
}

TEST_CASE_METHOD(fixture, "each group has an active version of its own", "[TestPromptVersioning]")
{
    add_version("own", 1, "one", true);
    run("insert into prompt_templates (name, version, template_text, is_active, ab_test_group) values "
        "('own', 2, '', true, 'a'), ('own', 3, '', true, 'b')");
    CHECK(value(active_of_own) == "1 2a 3b");
    run("insert into prompt_templates (name, version, template_text, is_active, ab_test_group) values "
        "('own', 4, '', true, 'a')");
    CHECK(value(active_of_own) == "1 3b 4a");
}

TEST_CASE_METHOD(fixture, "other prompts are left alone", "[TestPromptVersioning]")
{
    add_version("own", 1, "one", true);
    add_version("own", 2, "two", true);
    CHECK(value("select count(*) from prompt_templates where is_active and name <> 'own'") == "3");
}

TEST_CASE_METHOD(fixture, "without the trigger a second active version is refused all the same",
                 "[TestPromptVersioning]")
{
    add_version("own", 1, "one", true);
    run("alter table prompt_templates disable trigger trigger_enforce_single_active_template");
    CHECK_THAT(refusal("insert into prompt_templates (name, version, template_text, is_active) values "
                       "('own', 2, '', true)"),
               holds("uq_prompt_templates_active"));
}

TEST_CASE_METHOD(fixture, "a version knows the one that it was made from", "[TestPromptVersioning]")
{
    add_version("own", 1, "one", true);
    run("insert into prompt_templates (name, version, template_text, parent_version_id) select name, 2, "
        "'two', id "
        "from prompt_templates where name = 'own'");
    CHECK(
        value(
            "select p.version from prompt_templates c join prompt_templates p on p.id = c.parent_version_id "
            "where c.name = 'own'") == "1");
    run("delete from prompt_templates where name = 'own' and version = 1");
    CHECK(value("select parent_version_id is null from prompt_templates where name = 'own'") == "t");
}
