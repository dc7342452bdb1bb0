// What is recorded, and missed when it is gone: what migrations created, and nothing else.
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;
using support::memory_script;

namespace {

struct ours : fixture
{
    std::vector<memory_script> scripts;

    void apply(std::string const& text)
    {
        auto const number = std::to_string(scripts.size() + 1);
        scripts.push_back({number + "_s.sql", text});
        REQUIRE(boot(memory_catalog(scripts)).applied() == 1);
    }
    /// As the owner of what is there, beside Schemagate.
    void others(std::string const& sql) const { database->run("set role backend; " + sql); }
    [[nodiscard]] std::string idle() const { return boot(memory_catalog(scripts)).code(); }
};

} // namespace

TEST_CASE_METHOD(ours, "what a migration only locks is not its own, and may go", "[ours]")
{
    auto const [start, made_by_others, script,
                dropped_by_others] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"create table p (a int)", "create table c (check (a < 9)) inherits (p); create index i on c (a)",
         "alter table p add b int", "drop table c"},
        {"create table p (a int)", "create table c () inherits (p)", "alter table p alter a type bigint",
         "drop table c"},
        {"create table p (a int) partition by list (a)", "create table c partition of p for values in (1)",
         "alter table p add b int; create index on p (b)", "drop table c"},
        {"create table t (a int)", "create index i on t (a)", "alter table t alter a type bigint",
         "drop index i"},
        {"create table t (a int)", "create index i on t (a)", "truncate t", "drop index i"},
        {"create table t (a int)", "alter table t add x int", "alter table t add b int",
         "alter table t drop x"},
        {"create table t (a int)", "create table x (a int primary key)",
         "alter table t add foreign key (a) references x", "drop table x cascade"},
        {"create table t (a int)", "create table x (a int)", "truncate x", "drop table x"},
        {"create table t (a int)", "create table x (a int)", "lock table x", "drop table x"},
        {"create table t (a int)", "create table x (a int)",
         "savepoint s; alter table x add b int; release s", "drop table x"},
        {"create table t (a int)", "create table x (a int)", "vacuum t; alter table x add b int",
         "drop table x"},
        {"create table t (a int)", "create table x (a int)",
         "create table if not exists x (a int); vacuum t; create index concurrently if not exists i on t (a)",
         "drop table x"},
        {"create table p (a int); create function f() returns void language plpgsql as"
         " $$ begin create table c () inherits (p); end $$",
         "select 1", "select f()", "drop table c"},
    }));
    INFO(script);
    apply(start + ";\n");
    others(made_by_others);
    apply(script + ";\n");
    CHECK(idle() == "done");
    others(dropped_by_others);
    CHECK(idle() == "done");
}

TEST_CASE_METHOD(ours, "a table that others made a partition of comes and goes", "[ours]")
{
    apply("create table p (a int) partition by list (a); create table c (a int); create table d (a int);\n");
    others("alter table p attach partition c for values in (1)");
    apply("create table z (a int);\n");
    others("drop table c");
    CHECK(idle() == "done");
    others("drop table d");
    CHECK(idle() == "object-missing");
}

TEST_CASE_METHOD(ours, "what a migration made is missed, however it made it", "[ours]")
{
    auto const [script, dropped] = GENERATE(table<std::string, std::string>({
        {"create table x (a int)", "drop table x"},
        {"savepoint s; create table x (a int); release s", "drop table x"},
        {"do $$ begin create table x (a int); exception when division_by_zero then null; end $$",
         "drop table x"},
        {"alter table base add b int", "alter table base drop b"},
        {"alter table base rename to x", "drop table x"},
        {"create table x () inherits (base)", "drop table x"},
        {"alter table base add primary key (id)", "alter table base drop constraint base_pkey"},
        // Non-transactional.
        {"create index concurrently on base (t)", "drop index base_t_idx"},
        {"create index concurrently i on base (t); vacuum base", "drop index i"},
        {"create index concurrently on base (t); create index concurrently on base (t)",
         "drop index base_t_idx1"},
        {"set search_path = app; create table x (id int); create index concurrently x_i on x (id)",
         "drop table app.x"},
        {"set search_path = app; create table x (id int); create index concurrently x_i on x (id)",
         "drop index app.x_i"},
        {"create table x (a int); vacuum x; alter table x add primary key (a)",
         "alter table x drop constraint x_pkey"},
        {"create table x (a int); vacuum x; alter table x rename to y", "drop table y"},
        {"vacuum base; alter table base rename to y", "drop table y"},
        {"vacuum base; alter table base add b int", "alter table base drop b"},
        {"vacuum base; do $$ begin execute 'create table x (a int)'; end $$", "drop table x"},
        {"-- schemagate: own-transactions\nbegin; create table x (a int); commit", "drop table x"},
    }));
    INFO(script);
    with.drift = schemagate::drift_policy::refuse;
    apply("create table base (id int, t text);\ncreate schema app;\n");
    apply(script + ";\n");
    CHECK(idle() == "done");
    others(dropped);
    CHECK(idle() == "object-missing");
}

TEST_CASE_METHOD(ours, "a history among the application's tables: they are watched, and it is not", "[ours]")
{
    with.history_schema = "public";
    apply("create table orders (id int primary key);\n");
    apply("vacuum orders; alter table orders add note text;\n");
    CHECK(value("select string_agg(distinct relation_name, ' ' order by relation_name) from object") ==
          "orders orders_pkey");
    CHECK(idle() == "done");
    others("drop table orders");
    CHECK(idle() == "object-missing");
}
