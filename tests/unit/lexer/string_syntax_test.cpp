// standard_conforming_strings decides whether a backslash escapes in a plain string, and so where it ends.
#include <string>

#include "catch.hpp"
#include "schemagate/lexer.hpp"

using namespace schemagate::lexer;

namespace {

// One letter for each statement: "-" if plain strings know no escapes, "e" if they do; upper case or "!"
// where the statement changes that for those behind it.
std::string syntax_of(std::string_view script)
{
    std::string all;
    for (auto const& each : scan(script).statements) {
        if (each.changes_string_syntax) {
            all += each.backslash_escapes ? 'E' : '!';
        }
        else {
            all += each.backslash_escapes ? 'e' : '-';
        }
    }
    return all;
}

} // namespace

TEST_CASE("from the statement behind SET on, a plain string is read as it says", "[string_syntax]")
{
    auto const text = std::string_view{
        R"(select '\'; set standard_conforming_strings = off; select '\';'; set standard_conforming_strings to on; select '\';)"};
    auto const found = scan(text);
    REQUIRE(found.statements.size() == 5);
    CHECK(text.substr(found.statements[2].offset, found.statements[2].length) == R"(select '\';')");
    CHECK(text.substr(found.statements[4].offset, found.statements[4].length) == R"(select '\')");
    CHECK_FALSE(found.open);
    CHECK(syntax_of(text) == "-!eE-");
}

TEST_CASE("every way of changing the setting is followed", "[string_syntax]")
{
    struct sample
    {
        std::string_view script;
        std::string_view syntax;
    };
    auto const each = GENERATE(values<sample>({
        {"set session STANDARD_conforming_strings to 'off'; select 1", "!e"},
        {"set local standard_conforming_strings = 0; select 1", "!e"},
        {"set \"standard_conforming_strings\" = \"OFF\"; select 1", "!e"},
        {"set standard_conforming_strings = false; set standard_conforming_strings = default; select 1",
         "!E-"},
        {"set standard_conforming_strings = no; reset standard_conforming_strings; select 1", "!E-"},
        {"set standard_conforming_strings = of; reset all; select 1", "!E-"},
        {"select set_config('standard_conforming_strings', 'off', false); select 1", "!e"},
        {"SELECT pg_catalog.set_config('Standard_Conforming_Strings', 'f', true); select 1", "!e"},
        {"set standard_conforming_strings = on; select set_config('standard_conforming_strings', 'on', "
         "false)",
         "--"},
        {"set standard_conforming_strings = o; set standard_conforming_strings = maybe; select 1", "---"},
        {"set standard_conforming_strings from current; set standard_conforming_strings", "--"},
        {"set x.standard = off; set search_path = off; select set_config('a.b', 'off', false); select 1",
         "----"},
        {"do $$ begin set standard_conforming_strings = off; end $$; select 1", "--"},
        // A transaction ends what is local, and ROLLBACK takes back the rest.
        {"begin; set local standard_conforming_strings = off; commit; select 1", "-!E-"},
        {"begin; set standard_conforming_strings = off; commit; select 1", "-!ee"},
        {"begin; set standard_conforming_strings = off; rollback; select 1", "-!E-"},
        {"set standard_conforming_strings = off; begin; reset all; rollback; select 1", "!eE!e"},
        {"begin; set standard_conforming_strings = off; rollback and chain; select 1", "-!E-"},
        {"begin; set standard_conforming_strings = off; commit and chain; rollback; select 1", "-!eee"},
        {"set local standard_conforming_strings = off; vacuum; select 1", "!ee"},
    }));
    CAPTURE(each.script);
    CHECK(syntax_of(each.script) == each.syntax);
}

TEST_CASE("with escapes in plain strings, prefixes and continued lines keep their meaning", "[string_syntax]")
{
    struct sample
    {
        std::string_view text;
        std::size_t statements;
    };
    auto const each = GENERATE(values<sample>({
        {R"(select 'a\'b;'; select 2)", 2},
        {"select 'a' -- and\n 'b\\';'; select 2", 2},
        {"select 'a' 'b\\';'; select 2", 2},
        {R"(select n'\';'; select 2)", 2},
        {R"(select E'\';'; select 2)", 2},
        {R"(select B'\'; select x'\'; select 2)", 3},
        {"select b'0'\n'\\'; select 2", 2},
        {R"(select $$\$$; select "\"; select 2)", 3},
        {R"(select '\\'; select '''\'''; select 2';)", 2},
    }));
    CAPTURE(each.text);
    auto const script = "set standard_conforming_strings = off;" + std::string{each.text};
    CHECK(scan(script).statements.size() == each.statements + 1);
    CHECK_FALSE(scan(script).open);
}
