// The lexer and PostgreSQL's own parser see the same statements, wherever both can read the text.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sql_generator.hpp"
#include "sql_parser_oracle.hpp"

using namespace schemagate::test;

namespace {

struct count
{
    std::size_t compared = 0;
    std::size_t tried = 0;
    std::size_t different = 0;
};

void compare(std::string const& text, count& so_far)
{
    auto const verdict = judge_statements(text);
    ++so_far.tried;
    so_far.compared += verdict.compared ? 1U : 0U;
    constexpr std::size_t enough = 5; // to see what is wrong
    if (!verdict.difference.empty() && ++so_far.different <= enough) {
        FAIL_CHECK(text << "\n" << verdict.difference);
    }
}

std::size_t percent(count const& of)
{
    return of.tried == 0 ? 0 : of.compared * 100 / of.tried;
}

} // namespace

TEST_CASE("the judge finds a difference where there is one", "[statement_agreement]")
{
    CHECK(judge_statements("select 1; select 2").compared);
    CHECK(judge_statements("select 1; select 2").difference.empty());
    CHECK_FALSE(judge_statements("selec 1").compared);
    CHECK_FALSE(judge_statements("set standard_conforming_strings = off; select 1").compared);
    // libpg_query, unlike every server from 13 to 18, takes no comment between the parts of one string.
    CHECK_FALSE(judge_statements("select 'a' -- b\n'c'").compared);
    CHECK_FALSE(judge_statements("copy t from stdin;\n1\n\\.\n").compared);
}

TEST_CASE("statements written to be hard to part are parted as the parser does", "[statement_agreement]")
{
    auto const text = GENERATE(values<std::string>({
        "",
        " ;; -- nothing\n ; /* /* ; */ */",
        "select 1 -- a\r; select 2",
        "select 'a'\n'b;'; select E'a'\n 'b\\';'; select 'a' as \"b;\"",
        "select '\\'; select E'\\';'; select U&'\\0061;\\\\' , U&\"d!0061;\" uescape '!' from t",
        "select $$;$$, $a$ $$;$$ $a$, $\xC3\xA9$;$\xC3\xA9$, a$b$c, $1 from t; select 1",
        "select 4 */* ; */ 2, 1 - -1, 1 --;\n, 2; select @-1, |/4, -/*;*/1",
        "select 1e5, 1.5e-3, .5, 1., a[1:2], '12:30'::time, f(a := 1) from t;",
        "create rule r as on insert to t do also (insert into u values (1); notify x, ';';); select 1",
        "create function f() returns int language sql begin atomic select 1; select case when true then 1 "
        "end; "
        "end; select 1",
        "create function f() returns int begin atomic select 1 end; select 1 case; select atomic end from t; "
        "end; end",
        "create procedure p() begin atomic end; select 1",
        "create procedure p() begin /* a */ atomic ; insert into t values (1);; end; select 1",
        "create function f(a int default (1)) returns int return a; select 1",
        "create table begin (atomic int); begin; select 1; end; begin; commit",
        "create function f() returns int as 'begin atomic' language sql; select 1",
        "create function begin.atomic() returns int begin atomic select begin.atomic(); end; select 1",
        "select begin.atomic, t.end, t.case from t; select 1",
        "do $do$ begin execute $$ ; $$; end $do$; call p(';')",
        "comment on function f(int) is $$it's; $$; create operator @#@ (leftarg = int, procedure = f)",
        "select e'a', n'b;\\', b'01', x'1f', date'2020-01-01', interval '1' day; select 1",
    }));
    CAPTURE(text);
    auto const verdict = judge_statements(text);
    CHECK(verdict.compared);
    CHECK(verdict.difference == "");
}

TEST_CASE("every script of this repository is parted as the parser does", "[statement_agreement]")
{
    namespace fs = std::filesystem;
    count scripts;
    for (auto const* const folder : {"sql", "app", "tests"}) {
        for (auto const& entry : fs::recursive_directory_iterator{fs::path{SCHEMAGATE_SOURCE_DIR} / folder}) {
            if (entry.is_regular_file() && entry.path().extension() == ".sql") {
                std::ostringstream text;
                text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
                compare(text.str(), scripts);
            }
        }
    }
    CHECK(scripts.compared > 0);
}

TEST_CASE("generated scripts are parted as the parser does", "[statement_agreement]")
{
    count scripts;
    sql_generator generate{20240229};
    for (int i = 0; i < 6000; ++i) {
        compare(generate.script(), scripts);
    }
    INFO(scripts.compared << " of " << scripts.tried << " texts could be read by both");
    CHECK(percent(scripts) >= 60);
}

TEST_CASE("damaged scripts and heaps of tokens are parted as the parser does, where it takes them",
          "[statement_agreement]")
{
    count scripts;
    count heaps;
    sql_generator generate{19960708};
    for (int i = 0; i < 6000; ++i) {
        compare(generate.damaged_script(), scripts);
        compare(generate.heap_of_tokens(), heaps);
    }
    INFO(scripts.compared << " of " << scripts.tried << ", " << heaps.compared << " of " << heaps.tried
                          << " texts could be read by both");
    CHECK(percent(scripts) >= 15);
    CHECK(percent(heaps) >= 5);
}
