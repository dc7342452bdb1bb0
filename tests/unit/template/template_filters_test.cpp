// Each row is what Jinja2 3.1 prints.
#include "template_fixture.hpp"

using namespace templates;

TEST_CASE("default stands in for what is absent, and with a second argument for what is false", "[template]")
{
    check_all({
        {"{{ a|default('x') }}", "{}", "x"},
        {"{{ a|default }}|", "{}", "|"},
        {"{{ a|default('x') }}", R"({"a": ""})", ""},
        {"{{ a|default('x') }}", R"({"a": null})", "None"},
        {"{{ a|default('x', true) }}", R"({"a": ""})", "x"},
        {"{{ a|default('x', true) }}{{ a|default('y', boolean=true) }}", R"({"a": 0})", "xy"},
        {"{{ a|default('x', false) }}", R"({"a": 0})", "0"},
        {"{{ a|default(default_value='x', boolean=1) }}", R"({"a": []})", "x"},
        {"{{ a.b.c|default(d|default('y')) }}", R"({"a": 1})", "y"},
        {"{{ a|default([1, 2]) }}{{ a|default(b) }}", R"({"b": {}})", "[1, 2]{}"},
    });
}

TEST_CASE("join puts elements, keys or characters together", "[template]")
{
    check_all({
        {"{{ a|join(', ') }}", R"({"a": ["x", "y"]})", "x, y"},
        {"{{ a|join }}{{ a|join() }}", R"({"a": [1, null, true, 1.0, [1], {"k": "v"}]})",
         "1NoneTrue1.0[1]{'k': 'v'}1NoneTrue1.0[1]{'k': 'v'}"},
        {"{{ a|join('-') }}", R"({"a": "héy"})", "h-é-y"},
        {"{{ a|join('-') }}", R"({"a": {"k": 1, "l": 2}})", "k-l"},
        {"{{ a|join(d=1) }}", R"({"a": ["x", "y"]})", "x1y"},
        {"{{ a|join(',') }}|{{ [a, 1]|join(',') }}", "{}", "|,1"},
    });
}

TEST_CASE("upper and lower go beyond ASCII, with special casing and the final sigma", "[template]")
{
    check_all({
        {"{{ a|upper }}", R"({"a": "straße ŉ ﬁ ǆ é"})", "STRASSE ʼN FI Ǆ É"},
        {"{{ a|lower }}", R"({"a": "ΑΣ ΑΣΑ Σ ΑΣ. İ É"})", "ας ασα σ ας. i̇ é"},
        {"{{ a|upper }}{{ b|lower }}", R"({"a": "az{", "b": "AZ["})", "AZ{az["},
        {"{{ 1|upper }}{{ none|upper }}{{ true|lower }}{{ x.y|upper }}", R"({"x": 1})", "1NONEtrue"},
    });
}

TEST_CASE("trim strips what str.strip() strips", "[template]")
{
    check_all({
        {"[{{ a|trim }}]", R"({"a": " \t\n\u000b\f\r\u001c\u0085\u00a0\u2003\u2028\u3000x y\u3000 "})",
         "[x y]"},
        {"[{{ a|trim }}]", R"({"a": "\u200bx\ufeff"})", "[\u200bx\ufeff]"},
        {"[{{ a|trim('xé') }}]", R"({"a": "xéaxéx"})", "[a]"},
        {"[{{ a|trim(none) }}{{ a|trim(chars='') }}]", R"({"a": " x "})", "[x x ]"},
        {"[{{ 1|trim }}{{ a|trim }}]", R"({"a": "   "})", "[1]"},
    });
}

TEST_CASE("length counts code points, elements and keys", "[template]")
{
    check_all({
        {"{{ a|length }}", R"({"a": "é😀e\u0301"})", "4"},
        {"{{ a|length }}{{ b|length }}{{ ''|length }}{{ c.d|length }}",
         R"({"a": [1, 2], "b": {"k": 1}, "c": 1})", "2100"},
    });
}

TEST_CASE("replace takes any texts, and a count", "[template]")
{
    check_all({
        {"{{ a|replace('a', 'b') }}", R"({"a": "banana"})", "bbnbnb"},
        {"{{ a|replace('a', '', 2) }}{{ a|replace('a', 'x', count=-1) }}{{ a|replace('a', 'x', none) }}",
         R"({"a": "banana"})", "bnnabxnxnxbxnxnx"},
        {"{{ a|replace('', '-') }}|{{ ''|replace('', 'x') }}|{{ a|replace('', '-', 2) }}", R"({"a": "hé"})",
         "-h-é-|x|-h-é"},
        {"{{ a|replace(1, 2) }}{{ 121|replace('1', x.y) }}", R"({"a": "x1", "x": 1})", "x22"},
        {"{{ a|replace('aa', 'b') }}", R"({"a": "aaaaa"})", "bba"},
        {"{{ a|replace(old='a', new='b') }}", R"({"a": "a"})", "b"},
    });
}

TEST_CASE("tojson sorts keys, is ASCII, and escapes what HTML would read", "[template]")
{
    check_all({
        {"{{ a|tojson }}", R"({"a": {"b": [1, 1.0, true, null, "x"], "A": {}}})",
         R"({"A": {}, "b": [1, 1.0, true, null, "x"]})"},
        {"{{ a|tojson }}", R"({"a": "<b>&'\"\\\n\r\t\b\f\u0001\u007f"})",
         R"("\u003cb\u003e\u0026\u0027\"\\\n\r\t\b\f\u0001\u007f")"},
        {"{{ a|tojson }}", R"({"a": {"é😀\u2028": "\uffff"}})", R"({"\u00e9\ud83d\ude00\u2028": "\uffff"})"},
        {"{{ a|tojson }}", R"({"a": [18446744073709551615, -1, 1e16]})", "[18446744073709551615, -1, 1e+16]"},
        {"{{ a|tojson(indent=2) }}", R"({"a": {"b": [1, []], "a": {}}})",
         "{\n  \"a\": {},\n  \"b\": [\n    1,\n    []\n  ]\n}"},
        {"{{ a|tojson(0) }}{{ a|tojson(none) }}", R"({"a": [1]})", "[\n1\n][1]"},
    });
}

TEST_CASE("filters are chained, and bind tighter than any operator", "[template]")
{
    check_all({
        {"{{ a|trim|upper|replace('A', 'b')|length }}", R"({"a": " aa "})", "2"},
        {"{{ a | default ( 'x' ) | upper }}", "{}", "X"},
        {"{{ a == 'X'|lower }}{{ not a|length }}{{ 1 < a|length < 3 }}", R"({"a": "x"})", "TrueFalseFalse"},
        {"{{ -1|default(2) }}{{ -1|upper }}", "{}", "-1-1"},
        {"{{ a is defined|upper }}", R"({"a": 1})", "TRUE"},
        {"{{ a or b|upper }}{{ (a or b)|upper }}", R"({"a": "", "b": "x"})", "XX"},
        {"{{ a|tojson|upper|tojson }}", R"({"a": "é"})", R"("\"\\U00E9\"")"},
    });
}
