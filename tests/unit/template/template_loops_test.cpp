// for, its variables and their scope. Each row is what Jinja2 3.1 prints.
#include "template_fixture.hpp"

using namespace templates;

TEST_CASE("a loop passes over lists, characters and keys, in their order", "[template]")
{
    check_all({
        {"{% for x in a %}{{ x }};{% endfor %}", R"({"a": [1, "b", null]})", "1;b;None;"},
        {"{% for x in a %}{{ x }};{% endfor %}", R"({"a": "hé😀"})", "h;é;😀;"},
        {"{% for x in a %}{{ x }}={{ a.b }};{% endfor %}", R"({"a": {"b": 1, "a": 2}})", "b=1;a=1;"},
        {"{% for x in [1, a, 'z'] %}{{ x }}{% endfor %}", R"({"a": "y"})", "1yz"},
        {"{% for x in 'a b'|replace(' ', '') %}{{ x }};{% endfor %}", "{}", "a;b;"},
        {"{% for x in a or b %}{{ x }}{% endfor %}", R"({"a": [], "b": [3]})", "3"},
        {"{% for x in a|default([]) %}x{% else %}none{% endfor %}", "{}", "none"},
    });
}

TEST_CASE("else is for a loop without a pass, over something absent, too", "[template]")
{
    check_all({
        {"{% for x in a %}x{% else %}none{% endfor %}", R"({"a": []})", "none"},
        {"{% for x in a %}x{% else %}none{% endfor %}", R"({"a": ""})", "none"},
        {"{% for x in a.b %}x{% else %}none{% endfor %}", R"({"a": {}})", "none"},
        {"{% for x in a %}x{% else %}none{% endfor %}", R"({"a": [0]})", "x"},
    });
}

TEST_CASE("loop tells where the pass is", "[template]")
{
    check_all({
        {"{% for x in a %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length "
         "}};{% endfor %}",
         R"({"a": ["x", "y", "z"]})", "10TrueFalse3;21FalseFalse3;32FalseTrue3;"},
        {"{% for x in a %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}", R"({"a": "é😀"})", "é, 😀"},
        {"{% for x in a %}{% for y in x %}{{ loop.index }}/{{ loop.length }} {% endfor %}{{ loop['index'] "
         "}};{% endfor %}",
         R"({"a": [[1, 2], [3]]})", "1/2 2/2 1;1/1 2;"},
        {"{% for x in a %}{% for y in [loop.index, loop.last] %}{{ y }}{% endfor %}{% endfor %}",
         R"({"a": [1, 2]})", "1False2True"},
        {"{% for x in a %}{% for y in [] %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
         R"({"a": [1, 2]})", "12"},
        {"{{ loop.index }}{% for x in [1] %}{{ loop.index }}{% endfor %}{{ loop.index }}",
         R"({"loop": {"index": 7}})", "717"},
    });
}

TEST_CASE("a loop's variable hides others inside it, and nowhere else", "[template]")
{
    check_all({
        {"{{ x }}{% for x in a %}{{ x }}{% endfor %}{{ x }}", R"({"a": [1, 2], "x": "o"})", "o12o"},
        {"{% for x in x %}{{ x }}{% endfor %}{{ x }}", R"({"x": [1, 2]})", "12[1, 2]"},
        {"{% for x in a %}{% for x in x %}{{ x }}{% endfor %}{{ x }}{% endfor %}", R"({"a": [[1], [2]]})",
         "1[1]2[2]"},
        {"{% for x in [] %}{% else %}{{ x }}{% endfor %}", R"({"x": "o"})", "o"},
        {"{% for x in a %}{% for y in x.l %}{{ x.n }}{{ y }}{% endfor %}{% endfor %}",
         R"({"a": [{"n": "a", "l": [1, 2]}, {"n": "b", "l": [3]}]})", "a1a2b3"},
        {"{% for x in a %}{{ y }}{% endfor %}", R"({"a": [1, 2], "y": "o"})", "oo"},
    });
}

TEST_CASE("blocks inside a loop keep their white space control", "[template]")
{
    CHECK(
        rendered(
            "<ul>\n{% for x in a %}\n  {% if x %}\n  <li>{{ x }}</li>\n  {% endif %}\n{% endfor %}\n</ul>\n",
            R"({"a": ["x", "", "y"]})") == "<ul>\n  <li>x</li>\n  <li>y</li>\n</ul>\n");
}

TEST_CASE("a loop over a number, a boolean or null names the variable and the line", "[template]")
{
    CHECK(error_of("a\n{% for x in o.n %}{% endfor %}", R"({"o": {"n": 5}})") ==
          "variable-type: line 2: `o.n` is a number; a loop takes a list, an object or text");
    CHECK(error_of("{% for x in n %}{% endfor %}", R"({"n": null})") ==
          "variable-type: line 1: `n` is null; a loop takes a list, an object or text");
    CHECK(error_of("{% for x in n|length %}{% endfor %}", R"({"n": ""})") ==
          "variable-type: line 1: `n` after `length` is a number; a loop takes a list, an object or text");
    CHECK(error_of("{% for x in a %}{% for y in x %}{% endfor %}{% endfor %}", R"({"a": [true]})") ==
          "variable-type: line 1: `x` is a boolean; a loop takes a list, an object or text");
}

TEST_CASE("a filter of the wrong kind of value names the variable, the line and the filter", "[template]")
{
    constexpr std::string_view values =
        R"({"o": {"secret": 1}, "l": ["secret"], "n": 5, "z": null, "s": "x"})";
    CHECK(error_of("\n\n{{ o|upper }}", values) ==
          "variable-type: line 3: `o` is an object; the filter `upper` takes text");
    CHECK(error_of("{{ s|replace('a', l) }}", values) ==
          "variable-type: line 1: `l` is a list; an argument of the filter `replace` takes text");
    for (auto const* const text :
         {"{{ l|upper }}", "{{ l|lower }}", "{{ o|trim }}", "{{ o|replace('a', 'b') }}", "{{ l|join(l) }}",
          "{{ n|length }}", "{{ z|length }}", "{{ true|length }}", "{{ n|join }}", "{{ z|join(',') }}",
          "{{ s|trim(n) }}", "{{ s|replace('a', 'b', 'c') }}", "{{ s|replace('a', 'b', 1.0) }}",
          "{{ l|tojson(indent='x') }}", "{{ o.k|tojson }}", "{{ [o.k]|tojson }}"}) {
        INFO(text);
        CHECK_THAT(error_of(text, values), support::holds("variable-type: line 1: "));
        CHECK_THAT(error_of(text, values), !support::holds("secret"));
    }
}
