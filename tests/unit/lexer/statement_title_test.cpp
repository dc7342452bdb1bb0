#include "schemagate/statement_title.hpp"

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

std::string title_of(std::string_view text)
{
    auto const found = scan(text).statements;
    REQUIRE(found.size() == 1);
    return statement_title(text, found.front());
}

} // namespace

TEST_CASE("a statement's title is its first words on one line", "[statement_title]")
{
    CHECK(title_of("create\n\ttable  t(a int)") == "create table t(a int)");
    CHECK(title_of("create /* a */ table -- b\n t ()") == "create table t ()");
    auto const longer = title_of("alter table a_long_name add column another_long_name integer not null");
    CHECK(longer == "alter table a_long_name add column another_long_name integer …");
    CHECK(title_of("\"" + std::string(100, 'x') + "\" y") == "…");
}

TEST_CASE("a title stays on its line whatever a name holds", "[statement_title]")
{
    CHECK(title_of("drop table \"a\nb\x1b\"") == "drop table \"a b \"");
    CHECK(title_of("drop table \"a\nb") == "drop table \"a b");
}

TEST_CASE("no string of a script is shown", "[statement_title]")
{
    CHECK(title_of("create role r password 'Zq7wKx2yVj'") == "create role r password '…'");
    CHECK(title_of("create role r password E'Zq7\\'wKx2yVj' login") == "create role r password '…' login");
    CHECK(title_of("do $$ Zq7wKx2yVj $$") == "do '…'");
}
