#include "schemagate/new_enum_value.hpp"

#include <string>

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

bool uses(std::string_view script)
{
    return uses_new_enum_value(script, scan(script));
}

} // namespace

TEST_CASE("a script that uses the enum value it adds is found", "[new_enum_value]")
{
    auto const use = GENERATE(values<std::string>({
        "insert into t values ('on hold')",
        "insert into t values (E'on hold')",
        "alter table t alter state set default 'on hold'",
        "update t set state = $$on hold$$",
        "create index on t (a) where state = 'on hold'::s.state",
        "insert into t values ('{open,on hold}')",
        "create function f() returns int language sql as $$ select 'on hold'::state $$",
        "create function f() returns int language sql as 'select ''on hold''::state'",
        "create function f() returns state language sql begin atomic select 'on hold'::state; end",
        "do $$ begin execute 'insert into t values (''on hold'')'; end $$",
        "create view v as select * from t where state = any ('{on hold}')",
        "copy t from stdin;\n1\ton hold\n\\.\n",
    }));
    CAPTURE(use);
    CHECK(uses("alter type state add value 'on hold';" + use));
    CHECK(uses("ALTER TYPE s.\"state\" ADD VALUE IF NOT EXISTS 'on hold' BEFORE 'closed'; select 1;" + use));
    // Up to PostgreSQL 16 this is refused as well.
    CHECK(uses("create type state as enum ('open'); alter type state add value 'on hold';" + use));
}

TEST_CASE("a value that a DO block adds is found as well", "[new_enum_value]")
{
    CHECK(uses("do $$ begin if true then alter type state add value 'held'; end if; end $$; select 'held'"));
    CHECK(uses("do 'begin alter type s.state add value if not exists ''held''; end'; select 'held'"));
}

TEST_CASE("a value with a quote is found as its text", "[new_enum_value]")
{
    CHECK(uses("alter type state add value 'it''s'; select 'it''s'::state"));
    CHECK(uses("alter type state add value 'it''s'; select E'it\\'s'::state"));
    CHECK(uses(
        "set standard_conforming_strings = off; alter type state add value 'a\\'s'; select 'a''s'::state"));
}

TEST_CASE("adding a value without using it runs in one transaction", "[new_enum_value]")
{
    auto const script = GENERATE(values<std::string_view>({
        "alter type state add value 'held'",
        "select 'held'; alter type state add value 'held'",
        "alter type state add value 'held'; alter type state add value 'lost' after 'held'",
        "alter type state add value 'held'; alter type state rename value 'held' to 'kept'",
        "alter type state add value 'held'; comment on type state is 'open, held'; comment on type t is "
        "'held'",
        "alter type state add value 'held'; create type other as enum ('held')",
        "alter type state add value 'held'; select 'upheld', 'held back', held, \"held\" -- held",
        "alter type state add value 'held'; create function f() returns int language sql as $$ select upheld "
        "$$",
        "alter type state add value 'held'; copy t from stdin;\nupheld\n\\.\n",
        "alter type state rename value 'a' to 'held'; select 'held'",
        "alter type state add attribute held int; select 'held'",
        "alter type state add value ''; select ''",
        "do $$ begin alter type state add value 'held'; end $$; select 'open'",
    }));
    CAPTURE(script);
    CHECK_FALSE(uses(script));
}
