// SCHEMAGATE_DRIFT: objects that are there, but not as the last migration left them.
#include "engine.hpp"

#include "schemagate/migrator.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog first()
{
    return memory_catalog({{"0001_make.sql", "create table t (id int primary key, name text not null);\n"
                                             "create index t_name on t (name);\n"
                                             "create view v as select id from t;\n"}});
}

schemagate::catalog with_second(std::string const& text = "create table u (id int);\n")
{
    return memory_catalog(
        {{"0001_make.sql", std::string{first().migrations()[0].text}}, {"0002_more.sql", text}});
}

std::string drift(fixture const& f)
{
    for (auto const& item : schemagate::verify(f.with, first())) {
        if (item.name == "drift") {
            return item.outcome == schemagate::verification_item::result::passed ? "" : item.message;
        }
    }
    return "no such item";
}

} // namespace

TEST_CASE_METHOD(fixture, "verify names an object that was changed by hand", "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    REQUIRE(drift(*this).empty());
    auto const [change, named] = GENERATE(table<std::string, std::string>({
        {"alter table t alter name drop not null", "column public.t.name"},
        {"alter table t alter id type bigint", "column public.t.id"},
        {"alter table t alter name set default 'x'", "column public.t.name"},
        {"alter table t drop constraint t_pkey; alter table t add constraint t_pkey primary key (id, name)",
         "table public.t_pkey|index public.t_pkey|table public.t"},
        {"alter table t add constraint later check (id > 0)", "table public.t"},
        {"alter table t enable row level security", "table public.t"},
        {"drop index t_name; create unique index t_name on t (name)", "index public.t_name"},
    }));
    INFO(change);
    database->run(change.find("type bigint") == std::string::npos
                      ? change
                      : "drop view v; " + change + "; create view v as select id from t");
    auto const message = drift(*this);
    CAPTURE(message, named);
    auto const first_named = message.substr(0, message.find(" was changed"));
    CHECK(("|" + named + "|").find("|" + first_named + "|") != std::string::npos);
}

TEST_CASE_METHOD(fixture,
                 "drift is found in what has the same names as before, and the first object is named",
                 "[drift]")
{
    auto const shipped =
        memory_catalog({{"0001_make.sql",
                         "create table t (id int primary key, name varchar(20) not null, n int unique);\n"
                         "create index t_name on t (name);\n"
                         "create table u (id int, t_id int constraint u_t references t);\n"
                         "create function f() returns trigger language plpgsql as 'begin return new; end';\n"
                         "create trigger g before insert on t for each row execute function f();\n"}});
    REQUIRE(boot(shipped).applied() == 1);
    auto const [change, named, others] = GENERATE(table<std::string, std::string, std::string>({
        {"alter table t drop column name; alter table t add name varchar(21) not null; create index t_name "
         "on t "
         "(name)",
         "column public.t.name", "1"},
        {"alter table t drop column name; alter table t add name varchar(20) not null; create index t_name "
         "on t "
         "(name)",
         "", "0"}, // the same again is no drift
        {"alter table t disable trigger g", "table public.t", "1"},
        {"alter table t enable replica trigger g", "table public.t", "1"},
        {"alter table u drop constraint u_t; alter table u add constraint u_t foreign key (t_id) references "
         "t not "
         "valid",
         "table public.u", "1"},
        {"update pg_constraint set convalidated = false where conname = 'u_t'", "table public.u", "1"},
        {"alter table u alter id set not null; alter table t alter n set not null; alter table t alter name "
         "drop "
         "not null",
         "column public.t.n", "3"},
    }));
    INFO(change);
    database->run(change);
    with.drift = schemagate::drift_policy::refuse;
    auto const ended = boot(shipped);
    if (named.empty()) {
        CHECK(ended.code() == "done");
        return;
    }
    REQUIRE(ended.code() == "drift");
    CHECK_THAT(ended.failure->message(),
               Catch::Matchers::StartsWith(named + (others == "1" ? " was" : " (and")));
    for (auto const& item : schemagate::verify(with, shipped)) {
        if (item.name == "drift") {
            CHECK_THAT(item.message, support::holds(named) && support::holds("(" + others + " in all)"));
        }
    }
}

TEST_CASE_METHOD(fixture, "an index that is no longer valid, or not ready, is missing rather than changed",
                 "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    database->run(GENERATE("update pg_index set indisvalid = false where indexrelid = 't_name'::regclass",
                           "update pg_index set indisready = false where indexrelid = 't_name'::regclass"));
    with.drift = schemagate::drift_policy::refuse;
    auto const ended = boot(first());
    REQUIRE(ended.code() == "object-missing");
    CHECK_THAT(ended.failure->message(), support::holds("index public.t_name"));
}

TEST_CASE_METHOD(fixture, "partitions that come and go are no drift of the table that refers to them",
                 "[drift]")
{
    auto const shipped =
        memory_catalog({{"0001_make.sql", "create table t (id int primary key) partition by range (id);\n"
                                          "create table t_1 partition of t for values from (0) to (10);\n"
                                          "create table u (id int references t);\n"}});
    REQUIRE(boot(shipped).applied() == 1);
    with.drift = schemagate::drift_policy::refuse;
    database->run("create table t_2 partition of t for values from (10) to (20)");
    CHECK(boot(shipped).code() == "done");
    database->run("alter table t detach partition t_1; drop table t_1");
    CHECK(boot(shipped).code() == "done");
}

TEST_CASE_METHOD(fixture, "what nobody recorded is nobody's drift", "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    database->run("create table other (id int); create index by_hand on t (id); alter table t add extra int");
    CHECK(drift(*this).empty());
}

TEST_CASE_METHOD(fixture, "a migration that changes an object under any lock leaves no drift", "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    // These take weaker locks than ACCESS EXCLUSIVE.
    REQUIRE(boot(with_second(
                     "create table u (id int);\n"
                     "alter table u add constraint u_id_fkey foreign key (id) references t (id) not valid;\n"
                     "create function f() returns trigger language plpgsql as 'begin return new; end';\n"
                     "create trigger g before insert on t for each row execute function f();\n"
                     "alter table u validate constraint u_id_fkey;\n"))
                .applied() == 1);
    CHECK(drift(*this).empty());
}

TEST_CASE_METHOD(fixture, "what a migration drops, renames or moves is recorded as it is then", "[drift]")
{
    std::string const start =
        "create schema s;\ncreate table s.t (id int primary key, name text, note text);\n"
        "create index t_name on s.t (name);\ncreate view s.v as select id from s.t;\n"
        "create table s.u (id int primary key, t int references s.t);\n";
    // With the relation alone: it and its columns. What is there again under an old name counts as there.
    auto const [change, gone, added] = GENERATE(table<std::string, std::string, std::string>({
        {"drop view s.v", "s.v. s.v.id", ""},
        {"alter table s.t drop column note", "s.t.note", ""},
        {"alter table s.t drop column name", "s.t.name s.t_name.", ""},
        {"alter table s.t rename column note to notes", "s.t.note", "s.t.notes"},
        {"alter table s.u rename to w", "s.u. s.u.id s.u.t", "s.w. s.w.id s.w.t"},
        {"alter index s.t_name rename to t_by_name", "s.t_name.", ""}, // under a weaker lock
        {"alter view s.v set schema public", "s.v. s.v.id", "public.v. public.v.id"},
        {"alter table s.u set schema public", "s.u. s.u.id s.u.t s.u_pkey.",
         "public.u. public.u.id public.u.t"}, // its index without a lock
        {"alter schema s rename to z",
         "s.t. s.t.id s.t.name s.t.note s.t_name. s.t_pkey. s.u. s.u.id s.u.t s.u_pkey. s.v. s.v.id",
         "z.t. z.t.id z.t.name z.t.note z.t_name. z.t_pkey. z.u. z.u.id z.u.t z.u_pkey. z.v. z.v.id"},
        {"do $$ begin execute 'drop table s.u'; exception when division_by_zero then null; end $$",
         "s.u. s.u.id s.u.t s.u_pkey.", ""},
        {"drop table s.u; create table s.u (id int)", "s.u.t s.u_pkey.", ""},
        {"alter table s.u rename to x; alter table s.t rename to u; alter table s.x rename to t",
         "s.t.name s.t.note s.u.t", "s.t.t s.u.name s.u.note"},
        {"vacuum s.u; alter table s.t drop column note", "s.t.note", ""}, // in steps
        {"vacuum s.u; alter schema s rename to z; alter schema z rename to s", "", ""},
    }));
    INFO(change);
    REQUIRE(boot(memory_catalog({{"0001_make.sql", start}})).applied() == 1);
    database->run("create table public.was as select * from schemagate.object");
    auto const changed = memory_catalog({{"0001_make.sql", start}, {"0002_change.sql", change + ";\n"}});
    REQUIRE(boot(changed).applied() == 1);
    auto const minus = [this](std::string const& left, std::string const& right) {
        auto const names = [](std::string const& of) {
            return "select schema_name || '.' || relation_name || '.' || column_name as name from " + of;
        };
        return value("select coalesce(string_agg(name, ' ' order by name collate \"C\"), '') from (" +
                     names(left) + " except " + names(right) + ") n");
    };
    CHECK(minus("public.was", "schemagate.object") == gone);
    CHECK(minus("schemagate.object", "public.was") == added);
    for (auto const& item : schemagate::verify(with, changed)) {
        INFO(item.name << ": " << item.message);
        CHECK(item.outcome == schemagate::verification_item::result::passed);
    }
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_DRIFT: warn tells, refuse refuses, ignore is silent", "[drift]")
{
    using schemagate::drift_policy;
    REQUIRE(boot(first()).applied() == 1);
    database->run("alter table t alter name drop not null");

    SECTION("warn, by the boot that migrates")
    {
        REQUIRE(boot(with_second()).applied() == 1);
        auto const warned = events->events(schemagate::step::verify, schemagate::outcome::warned);
        REQUIRE(warned.size() == 1);
        CHECK_THAT(warned[0].message, support::holds("column public.t.name was changed"));
    }
    SECTION("refuse, on an idle boot too")
    {
        with.drift = drift_policy::refuse;
        auto const idle = boot(first());
        REQUIRE(idle.code() == "drift");
        CHECK(idle.failure->exit_code() == 76);
        CHECK_THAT(idle.failure->message(), support::holds("column public.t.name"));
        database->run("alter table t alter name set not null");
        CHECK(boot(first()).code() == "done");
    }
    SECTION("ignore")
    {
        with.drift = drift_policy::ignore;
        REQUIRE(boot(with_second()).applied() == 1);
        CHECK(events->events(schemagate::step::verify, schemagate::outcome::warned).empty());
    }
}

TEST_CASE_METHOD(fixture, "a history of before the hashes gets them, and drifts nowhere", "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    database->run("alter table schemagate.object drop column hash");
    CHECK(drift(*this).empty());
    REQUIRE(boot(with_second()).applied() == 1);
    CHECK(value("select bool_or(hash <> '') from schemagate.object where relation_name = 'u'") == "t");
    CHECK(drift(*this).empty());
}

TEST_CASE_METHOD(fixture, "what a script changes further than its locks is no drift", "[drift]")
{
    struct sample
    {
        std::string before;
        std::string script;
    };
    auto const each = GENERATE(values<sample>({
        {"create table parent (id int primary key); create table child (pid int references parent);",
         "alter table parent rename to parents;"},
        {"create type e as enum ('a'); create table t (c e);", "alter type e rename to e2;"},
        {"create domain d as int; create table t (c d);", "alter domain d rename to d2;"},
        {"create schema s; create type s.e as enum ('a'); create table t (c s.e); create table s.u (id int);",
         "alter schema s rename to s2;"},
        {"create schema s; create type e as enum ('a'); create table t (c e);", "alter type e set schema s;"},
        {"create table t (a int); create function f() returns trigger language plpgsql as 'begin return new; "
         "end';"
         "create trigger g before insert on t for each row execute function f();",
         "alter function f() rename to f2;"},
        {"create collation c (locale = 'C'); create table t (a text collate c);",
         "alter collation c rename to c2;"},
        {"create table p (a int primary key, b int not null);",
         "create unique index concurrently n on p (a, b); alter table p drop constraint p_pkey,"
         " add constraint p_pkey primary key using index n;"},
        {"create table p (a int); create unique index n on p (a);",
         "alter table p add constraint c unique using index n;"},
        {"create table t (a int, b int); create index i on t (a); create index i2 on t (a, b);",
         "drop index concurrently i; alter index i2 rename to i;"},
        {"create table t (a int);", "do $$ begin alter table t alter a set not null; end $$; vacuum;"},
        {"create schema s; create table s.t (a int);",
         "set search_path = s; alter table t alter a set not null; vacuum;"},
        {"create table p (a int); create table c () inherits (p);",
         "alter table p alter a set not null; vacuum;"},
    }));
    INFO(each.script);
    with.drift = schemagate::drift_policy::refuse;
    auto const first_text = each.before + "\ncreate table other (id int);\n";
    auto const shipped = memory_catalog({{"1_a.sql", first_text}, {"2_b.sql", each.script + "\n"}});
    REQUIRE(boot(memory_catalog({{"1_a.sql", first_text}})).code() == "done");
    // What somebody else did before is not taken for the script's doing.
    with.drift = schemagate::drift_policy::warn;
    database->run("alter table other alter id set not null");
    REQUIRE(boot(shipped).code() == "done");
    with.drift = schemagate::drift_policy::refuse;
    auto const drifted = boot(shipped);
    CHECK(drifted.code() == "drift");
    CHECK(std::string{drifted.failure->what()}.find("column public.other.id was changed") !=
          std::string::npos);
    database->run("alter table other alter id drop not null");
    CHECK(boot(shipped).code() == "done");
    CHECK(value("select count(*) from schemagate.object where schema_name = 's2'") ==
          (each.script == "alter schema s rename to s2;" ? "2" : "0"));
}

TEST_CASE_METHOD(fixture, "drift is told where the server has no md5(), as in FIPS mode", "[drift]")
{
    static_cast<void>(
        support::query(database->admin_url(),
                       "revoke execute on function pg_catalog.md5(text), pg_catalog.md5(bytea) from public"));
    REQUIRE(boot(first()).applied() == 1);
    CHECK(drift(*this).empty());
    database->run("alter table t alter name drop not null");
    CHECK(boot(with_second()).applied() == 1);
    CHECK_FALSE(drift(*this).empty());
}

TEST_CASE_METHOD(fixture, "a hash of an earlier release is like none, and is made anew", "[drift]")
{
    REQUIRE(boot(first()).applied() == 1);
    database->run("update schemagate.object set hash = md5(hash)");
    CHECK(drift(*this).empty());
    CHECK(boot(with_second()).applied() == 1);
    CHECK(value("select count(*) from schemagate.object where length(hash) <> 64") == "0");
}
