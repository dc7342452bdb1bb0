// Where statements end, against what PostgreSQL 15's own parser does with the same text.
#include "schemagate/lexer.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

std::vector<std::string> statements_of(std::string_view text)
{
    std::vector<std::string> found;
    for (auto const& each : scan(text).statements) {
        found.emplace_back(text.substr(each.offset, each.length));
    }
    return found;
}

using list = std::vector<std::string>;

struct split
{
    std::string_view text;
    list statements;
};

} // namespace

TEST_CASE("a semicolon ends a statement, and empty statements are left out", "[lexer]")
{
    auto const each = GENERATE(values<split>({
        {"", {}},
        {"  \n\t", {}},
        {";;; ;", {}},
        {"-- only a comment", {}},
        {"/* only /* nested */ a comment */;", {}},
        {"select 1", {"select 1"}},
        {"select 1;", {"select 1"}},
        {"select 1 ; -- end", {"select 1"}},
        {"select 1;select 2", {"select 1", "select 2"}},
        {"select 1 /* a */ -- b\n;", {"select 1"}},
        {"/* a */ select 1", {"select 1"}},
    }));
    CAPTURE(each.text);
    CHECK(statements_of(each.text) == each.statements);
    CHECK_FALSE(scan(each.text).open);
}

TEST_CASE("quotes and comments hide semicolons and each other", "[lexer]")
{
    auto const each = GENERATE(values<split>({
        {"select ';'; select 2", {"select ';'", "select 2"}},
        {"select 'it''s;'; select 2", {"select 'it''s;'", "select 2"}},
        {"select ''; select 2", {"select ''", "select 2"}},
        {"select ''';'; select 2", {"select ''';'", "select 2"}},
        {"select '\\'; select 2", {"select '\\'", "select 2"}},
        {"select \";\"; select 2", {"select \";\"", "select 2"}},
        {"select \"a\"\";\"; select 2", {"select \"a\"\";\"", "select 2"}},
        {"select 1 -- it's; a comment\n; select 2", {"select 1", "select 2"}},
        {"select 1 /* it's; \" */; select 2", {"select 1", "select 2"}},
        {"select 1 /* a /* b; */ c; */; select 2", {"select 1", "select 2"}},
        {"select '--', 1; select 2", {"select '--', 1", "select 2"}},
        {"select '/*'; select '*/'", {"select '/*'", "select '*/'"}},
        {"select 1 - -1; select 2", {"select 1 - -1", "select 2"}},
        {"select 4 */* product */ 2; select 2", {"select 4 */* product */ 2", "select 2"}},
        {"select 1 --/* \n; select 2 --*/", {"select 1", "select 2"}},
        {"select 1 -- a\r; select 2", {"select 1", "select 2"}},
        {"select 'a'\n'b;'; select 2", {"select 'a'\n'b;'", "select 2"}},
    }));
    CAPTURE(each.text);
    CHECK(statements_of(each.text) == each.statements);
    CHECK_FALSE(scan(each.text).open);
}

TEST_CASE("a prefix before a quote decides whether a backslash escapes", "[lexer]")
{
    auto const each = GENERATE(values<split>({
        {R"(select E'it\'s;'; select 2)", {R"(select E'it\'s;')", "select 2"}},
        {R"(select e'\\'; select 2)", {R"(select e'\\')", "select 2"}},
        {R"(select E'a''b\';'; select 2)", {R"(select E'a''b\';')", "select 2"}},
        {"select E'a'\n'b\\';'; select 2", {"select E'a'\n'b\\';'", "select 2"}},
        {"select E'a' -- and\n 'b\\';'; select 2", {"select E'a' -- and\n 'b\\';'", "select 2"}},
        {"select E'a' 'b\\'; select 2", {"select E'a' 'b\\'", "select 2"}},
        {R"(select fE'\'; select 2)", {R"(select fE'\')", "select 2"}},
        {R"(select E '\'; select 2)", {R"(select E '\')", "select 2"}},
        {R"(select U&'\0061;\'; select 2)", {R"(select U&'\0061;\')", "select 2"}},
        {R"(select U&"d\0061t;a"; select 2)", {R"(select U&"d\0061t;a")", "select 2"}},
        {R"(select u & '\'; select 2)", {R"(select u & '\')", "select 2"}},
        {"select B'01', X'1F', n'x;'; select 2", {"select B'01', X'1F', n'x;'", "select 2"}},
        {R"(select x'\'; select 2)", {R"(select x'\')", "select 2"}},
    }));
    CAPTURE(each.text);
    CHECK(statements_of(each.text) == each.statements);
    CHECK_FALSE(scan(each.text).open);
}

TEST_CASE("a dollar quote ends at its own tag and nowhere else", "[lexer]")
{
    auto const each = GENERATE(values<split>({
        {"select $$a;b$$; select 2", {"select $$a;b$$", "select 2"}},
        {"select $$it's$$; select 2", {"select $$it's$$", "select 2"}},
        {"select $a$ $$ ; $$ $b$ ; $b$ $a$; select 2", {"select $a$ $$ ; $$ $b$ ; $b$ $a$", "select 2"}},
        {"select $A$;$a$;$A$; select 2", {"select $A$;$a$;$A$", "select 2"}},
        {"select $_1$;$_1$; select 2", {"select $_1$;$_1$", "select 2"}},
        {"select $é$;$é$; select 2", {"select $é$;$é$", "select 2"}},
        {"select $$x$a$$; select 2", {"select $$x$a$$", "select 2"}},
        {"select a$b$c; select 2 as d$b$", {"select a$b$c", "select 2 as d$b$"}},
        {"select é$$; select 2$$;$$", {"select é$$", "select 2$$;$$"}},
        {"select $1; select $2", {"select $1", "select $2"}},
        {"select $1$$;$$; select 2", {"select $1$$;$$", "select 2"}},
        {"select $1a$; select $1a$", {"select $1a$", "select $1a$"}},
        {"select $a b$; select $; select 2", {"select $a b$", "select $", "select 2"}},
        {"select 1$$;$$; select 2", {"select 1$$;$$", "select 2"}},
        {"select $$ -- $$; select 2", {"select $$ -- $$", "select 2"}},
        {"select $$ /* $$; select 2 /* $$ */", {"select $$ /* $$", "select 2"}},
    }));
    CAPTURE(each.text);
    CHECK(statements_of(each.text) == each.statements);
    CHECK_FALSE(scan(each.text).open);
}

TEST_CASE("colons, casts and array slices are ordinary text", "[lexer]")
{
    auto const each = GENERATE(values<split>({
        {"select ':name', :name; select 2", {"select ':name', :name", "select 2"}},
        {"select '12:30'::time; select 2", {"select '12:30'::time", "select 2"}},
        {"select a[1:2], a[:2]; select 2", {"select a[1:2], a[:2]", "select 2"}},
        {"call f(a := 1); select 2", {"call f(a := 1)", "select 2"}},
        {"select 1.5e-3, .5, 1_000, 0x1F; select 2", {"select 1.5e-3, .5, 1_000, 0x1F", "select 2"}},
        {"select a->>'b', @-1, |/4; select 2", {"select a->>'b', @-1, |/4", "select 2"}},
    }));
    CAPTURE(each.text);
    CHECK(statements_of(each.text) == each.statements);
}

TEST_CASE("semicolons inside parentheses end no statement", "[lexer]")
{
    auto const rule =
        std::string{"create rule r as on insert to t do also (insert into u values (1); notify x;)"};
    CHECK(statements_of(rule + "; select 2") == list{rule, "select 2"});
    CHECK(statements_of("select ')'; select (2); select \"(\"") ==
          list{"select ')'", "select (2)", "select \"(\""});
    CHECK(statements_of("select 1); select 2") == list{"select 1)", "select 2"});
}

TEST_CASE("the body of BEGIN ATOMIC … END holds semicolons that end no statement", "[lexer]")
{
    auto const each = GENERATE(values<std::string>({
        "create function f() returns int begin atomic select 1; select 2; end",
        "CREATE OR REPLACE FUNCTION f(a int DEFAULT (1)) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
        "create procedure p() begin /* now */ atomic insert into t values (1); end",
        "create function f() returns int begin atomic select case when true then 1 else 2 end; select 2; end",
        "create function f() returns int begin atomic select case when (case 1 when 1 then true end) then 1 "
        "end; end",
        "create function f() returns int begin atomic select 1 as end; select 2 as case; select t.end from "
        "t; end",
        "create function f() returns int begin atomic select 1 end; select 1 case; select atomic end; end",
        "create function f() returns int begin atomic select case when true then 1 end end; select (1) end; "
        "end",
        "create function f() returns int begin atomic end",
        "create function f() returns int begin atomic select 'end;', \"end\"; end",
    }));
    CAPTURE(each);
    CHECK(statements_of(each + "; select 'next'") == list{each, "select 'next'"});
    CHECK_FALSE(scan(each + ";").open);
}

TEST_CASE("the words BEGIN and ATOMIC elsewhere open no body", "[lexer]")
{
    CHECK(statements_of("begin; select 1; end") == list{"begin", "select 1", "end"});
    CHECK(statements_of("select begin atomic; select 1") == list{"select begin atomic", "select 1"});
    CHECK(statements_of("create function f() returns int as 'begin atomic'; select 1").size() == 2);
    CHECK(statements_of("create table begin (atomic int); select 1").size() == 2);
}

TEST_CASE("a statement knows its line and its bytes", "[lexer]")
{
    auto const text = std::string_view{"-- a\n\n/* b\n */ select\n 'x\n;' ; é;\n$$\n$$"};
    auto const found = scan(text).statements;
    REQUIRE(found.size() == 3);
    CHECK(found[0].line == 4);
    CHECK(text.substr(found[0].offset, found[0].length) == "select\n 'x\n;'");
    CHECK(found[1].line == 6);
    CHECK(text.substr(found[1].offset, found[1].length) == "é");
    CHECK(found[2].line == 7);
    CHECK(found[2].length == 5);
}

TEST_CASE("a text that would swallow what follows it is not complete", "[lexer]")
{
    struct sample
    {
        std::string_view text;
        std::string_view what;
        std::size_t line;
    };
    auto const each = GENERATE(values<sample>({
        {"select $$", "a dollar quote $$", 1},
        {"select 1;\n\nselect $body$ $$ ; $body", "a dollar quote $body$", 3},
        {"\nselect 'it''s", "a quoted string", 2},
        {"select ''''", "", 1},
        {"select '''", "a quoted string", 1},
        {"select E'\\'", "a quoted string", 1},
        {"select E'\\", "a quoted string", 1},
        {"select E'a'\n'", "a quoted string", 1},
        {"select U&'", "a quoted string", 1},
        {"select \"a\n\nb", "a quoted identifier", 1},
        {"select U&\"a", "a quoted identifier", 1},
        {"select 1; /* a /* b */ ", "a comment", 1},
        {"select 1;\n/* a\n\n", "a comment", 2},
        {"create function f() returns int\nbegin atomic select 1;", "a BEGIN ATOMIC body", 2},
        {"select 1;\ncopy t from stdin;\n1\n", "COPY data", 2},
        {"copy t from stdin;", "COPY data", 1},
        {"copy t from stdin", "COPY data", 1},
        {"select 1 -- no newline", "", 1},
        {"select (1", "", 1},
    }));
    CAPTURE(each.text);
    auto const open = scan(each.text).open;
    CHECK(open.has_value() == !each.what.empty());
    if (open) {
        CHECK(open->what == each.what);
        CHECK(open->line == each.line);
    }
}

TEST_CASE("any bytes can be scanned", "[lexer]")
{
    std::string text;
    unsigned seed = 1;
    constexpr std::string_view alphabet = "aeuEU&'\"$\\.;()-/*\n\r :0b\xC3\xA9";
    for (int round = 0; round < 1000; ++round) {
        text.clear();
        for (int i = 0; i < 40; ++i) {
            seed = seed * 1664525U + 1013904223U;
            text +=
                seed >> 28U == 0 ? static_cast<char>(seed >> 12U) : alphabet[(seed >> 16U) % alphabet.size()];
        }
        auto const result = scan(text);
        std::size_t end = 0;
        bool in_order = true;
        for (auto const& each : result.statements) {
            in_order = in_order && each.offset >= end && each.length > 0;
            end = each.offset + each.length;
        }
        if (!in_order || end > text.size()) {
            FAIL(text);
        }
    }
    SUCCEED();
}

TEST_CASE("scanning is linear in the length of a script", "[lexer]")
{
    // Each of these was quadratic in a scanner that looks ahead without a limit: 200 kB would take minutes.
    auto const part =
        GENERATE(values<std::string>({"$a", "E'a'\n", "/*", "'", "$a$ $b", "case ", "(", "-- x\n", "\\"}));
    std::string text;
    while (text.size() < 200'000) {
        text += part;
    }
    static_cast<void>(scan(text));
    SUCCEED();
}
