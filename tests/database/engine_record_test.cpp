// schemagate.object emptied by somebody: nothing would be missed any more, and that is said.
#include "engine.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::holds;
using support::memory_catalog;

namespace {

constexpr char const* make =
    "create table made (id int primary key);\ncreate view seen as select id from made;\n";

schemagate::catalog one()
{
    return memory_catalog({{"0001_make.sql", make}});
}

schemagate::catalog two()
{
    return memory_catalog({{"0001_make.sql", make}, {"0002_more.sql", "create table more (id int);\n"}});
}

schemagate::verification_item objects(fixture const& f, schemagate::catalog const& shipped)
{
    for (auto const& item : schemagate::verify(f.with, shipped)) {
        if (item.name == "objects") {
            return item;
        }
    }
    return {};
}

std::string warnings(fixture const& f)
{
    std::string all;
    for (auto const& e : f.events->events(step::plan, outcome::warned)) {
        all += e.message + '\n';
    }
    return all;
}

} // namespace

TEST_CASE_METHOD(fixture,
                 "an emptied record of objects is named by verify and by the next leader, and stops no boot",
                 "[record]")
{
    REQUIRE(boot(one()).applied() == 1);
    database->run("delete from schemagate.object");
    auto const item = objects(*this, one());
    CHECK(item.outcome == schemagate::verification_item::result::failed);
    CHECK_THAT(item.message, holds("public.made") && holds("schemagate.object"));

    CHECK(boot(one()).code() == "done"); // idle: it works, and looks no further
    CHECK(warnings(*this).empty());
    CHECK(boot(two()).applied() == 1);
    CHECK_THAT(warnings(*this), holds("public.made") && holds("schemagate.object"));
}

TEST_CASE_METHOD(fixture, "a record that is empty for a reason is not complained of", "[record]")
{
    auto const script =
        GENERATE("select 1;\n", "create table made (id int);\ndrop table made;\n",
                 "create temp table made (id int);\n",
                 "do $$ begin execute 'create table made (id int)'; drop table made; end $$;\n");
    auto const shipped = memory_catalog({{"0001_make.sql", script}});
    REQUIRE(boot(shipped).applied() == 1);
    CHECK(objects(*this, shipped).outcome == schemagate::verification_item::result::passed);
    CHECK(
        boot(memory_catalog({{"0001_make.sql", script}, {"0002_more.sql", "create table more (id int);\n"}}))
            .applied() == 1);
    CHECK(warnings(*this).empty());
}

TEST_CASE_METHOD(fixture, "another catalog's objects are none of this one's, recorded or not", "[record]")
{
    REQUIRE(boot(one()).applied() == 1);
    auto const other = memory_catalog({{"0001_other.sql", "select 1;\n"}}, "other");
    REQUIRE(boot(other).applied() == 1);
    CHECK(objects(*this, other).outcome == schemagate::verification_item::result::passed);
    database->run(
        "delete from schemagate.object; insert into schemagate.object values ('other', 'public', 'table', "
        "'public', 'x', '', '')");
    CHECK(objects(*this, one()).outcome == schemagate::verification_item::result::failed);
}
