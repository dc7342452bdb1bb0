// Print forms of Python, literals and paths. Each row is what Jinja2 3.1 prints.
#include <limits>

#include "template_fixture.hpp"

using namespace templates;

TEST_CASE("values print as Python prints them", "[template]")
{
    check_all({
        {"{{ a }}", R"({"a": "text"})", "text"},
        {"{{ a }}", R"({"a": null})", "None"},
        {"{{ a }}", R"({"a": true})", "True"},
        {"{{ a }}", R"({"a": false})", "False"},
        {"{{ a }}", R"({"a": -9223372036854775808})", "-9223372036854775808"},
        {"{{ a }}", R"({"a": 18446744073709551615})", "18446744073709551615"},
        {"{{ a }}", R"({"a": 1.0})", "1.0"},
        {"{{ a }}", R"({"a": -0.0})", "-0.0"},
        {"{{ a }}", R"({"a": 1e15})", "1000000000000000.0"},
        {"{{ a }}", R"({"a": 1e16})", "1e+16"},
        {"{{ a }}", R"({"a": 1.5e300})", "1.5e+300"},
        {"{{ a }}", R"({"a": 0.0001})", "0.0001"},
        {"{{ a }}", R"({"a": 0.00001})", "1e-05"},
        {"{{ a }}", R"({"a": 123.456})", "123.456"},
        {"{{ a }}", R"({"a": []})", "[]"},
        {"{{ a }}", R"({"a": {}})", "{}"},
        {"{{ a }}", R"({"a": ["a", 1, {"k": null, "l": [true]}]})", "['a', 1, {'k': None, 'l': [True]}]"},
    });
}

TEST_CASE("texts inside lists and objects have the quotes and escapes of repr()", "[template]")
{
    check_all({
        {"{{ a }}", R"({"a": ["it's"]})", R"(["it's"])"},
        {"{{ a }}", R"({"a": ["\""]})", R"(['"'])"},
        {"{{ a }}", R"({"a": ["'\""]})", R"(['\'"'])"},
        {"{{ a }}", R"({"a": ["\\\n\r\t\u0001\u007f"]})", R"(['\\\n\r\t\x01\x7f'])"},
        {"{{ a }}", R"({"a": ["é", "😀", "\u00ad", "\u2028", "\u00a0"]})",
         R"(['é', '😀', '\xad', '\u2028', '\xa0'])"},
        {"{{ a }}", R"({"a": ["\udb40\udc01"]})", R"(['\U000e0001'])"},
        {"{{ [b.c] }}", R"({"b": 1})", "[Undefined]"},
        {"{{ [a|tojson] }}", R"({"a": "x"})", R"([Markup('"x"')])"},
    });
}

TEST_CASE("numbers that JSON cannot say print all the same", "[template]")
{
    auto const inf = std::numeric_limits<double>::infinity();
    boost::json::object const values{
        {"a", boost::json::array{inf, -inf, std::numeric_limits<double>::quiet_NaN()}}};
    app::render_budget budget;
    std::string out;
    parsed("{{ a }} {{ a|tojson }}").render(values, budget, out);
    CHECK(out == "[inf, -inf, nan] [Infinity, -Infinity, NaN]");
}

TEST_CASE("literals are those of Python", "[template]")
{
    check_all({
        {"{{ 'a' }}{{ \"b\" }}{{ 'c' 'd' }}", "{}", "abcd"},
        {R"({{ 'it\'s' }}{{ "\"" }}{{ '\\' }})", "{}", R"(it's"\)"},
        {R"({{ "\a\b\f\n\r\t\v" }})", "{}", "\a\b\f\n\r\t\v"},
        {R"({{ "\x41\101\u00e9\U0001f600\7" }})", "{}", "AA\u00e9\U0001f600\a"},
        {R"({{ "\d\." }})", "{}", R"(\d\.)"},
        {"{{ 'a\\\nb' }}", "{}", "ab"},
        {"{{ 'a\r\nb' }}", "{}", "a\nb"},
        {"{{ 'é😀' }}", "{}", "é😀"},
        {"{{ 1_000 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 00 }}", "{}", "1000 31 5 15 0"},
        {"{{ 1.50 }} {{ 1e3 }} {{ 2.5E-7 }} {{ 1_0.5_0 }} {{ 1e-999 }}", "{}", "1.5 1000.0 2.5e-07 10.5 0.0"},
        {"{{ -1 }} {{ - 2.5 }} {{ -9223372036854775808 }}", "{}", "-1 -2.5 -9223372036854775808"},
        {"{{ 18446744073709551615 }}", "{}", "18446744073709551615"},
        {"{{ true }} {{ True }} {{ false }} {{ False }} {{ none }} {{ None }}", "{}",
         "True True False False None None"},
        {"{{ [] }} {{ [1, 'a', [true],] }}", "{}", "[] [1, 'a', [True]]"},
        {"{{ (1) }}{{ ((('a'))) }}", "{}", "1a"},
    });
}

TEST_CASE("a path goes through objects and lists, and is absent where there is nothing", "[template]")
{
    constexpr std::string_view values =
        R"({"a": {"b": [10, {"c d": "x"}], "items": "mine", "0": "zero"}, "t": "héy", "n": null, "имя": "И", "_": 1})";
    check_all({
        {"{{ a.b[0] }}{{ a['b'][1][\"c d\"] }}{{ a . b [ 0 ] }}{{ a.b.0 }}", values, "10x1010"},
        {"{{ a.b[-1]['c d'] }}{{ a.b[-2] }}{{ a.b[- 1]|length }}", values, "x101"},
        {"{{ a.items }}{{ a['items'] }}", values, "minemine"},
        {"{{ a['0'] }}|{{ a[0] }}|{{ a.0 }}", values, "zero||"},
        {"{{ t[1] }}{{ t[-1] }}|{{ t[3] }}", values, "éy|"},
        {"{{ имя }}{{ _ }}", values, "И1"},
        {"{{ a.b[2] }}{{ a.b[-3] }}{{ a.b.c }}{{ a.x.y.z[0]['k'] }}{{ n.x }}{{ t.x }}{{ x.y.z }}", values,
         ""},
        {"{{ a.__class__ }}{{ t.__class__.__mro__ }}{{ t.upper }}{{ a.keys }}{{ a.b.append }}", values, ""},
        {"{{ 'abc'[1] }}{{ ['x', 'y'][-1] }}{{ (a).b[0] }}{{ (a|tojson)[0] }}", values, "by10{"},
    });
}

TEST_CASE("a name that only looks like a word of the language is a variable", "[template]")
{
    check_all({
        {"{{ for }}{{ set }}{{ notx }}{{ defined }}{{ loop }}",
         R"({"for": 1, "set": 2, "notx": 3, "defined": 4, "loop": 5})", "12345"},
        {"{{ a.if }}{{ a.in }}{{ a.true }}", R"({"a": {"if": 1, "in": 2, "true": 3}})", "123"},
    });
}
