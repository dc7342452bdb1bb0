// What is no template of ours, and where.
#include "template_fixture.hpp"

using namespace templates;

namespace {

struct problem_row
{
    std::string_view text;
    std::string_view expected;
};

template <std::size_t N>
void check_problems(problem_row const (&rows)[N])
{
    for (auto const& [text, expected] : rows) {
        INFO(text);
        CHECK(problem_of(text) == expected);
    }
}

} // namespace

TEST_CASE("what Jinja2 can do and we do not is refused where it stands", "[template]")
{
    check_problems({
        {"{{ f() }}", "1:5 unsupported"},
        {"{{ a.b(1) }}", "1:7 unsupported"},
        {"{{ a['k']() }}", "1:10 unsupported"},
        {"{{ (a)(b) }}", "1:7 unsupported"},
        {"{{ a|upper()() }}", "1:13 unsupported"},
        {"{{ ''.__class__() }}", "1:16 unsupported"},
        {"{{ loop.cycle('a', 'b') }}{{ loop() }}", "1:14 unsupported"},
        {"{{ a + b }}", "1:6 unsupported"},
        {"{{ a -1 }}", "1:6 unsupported"},
        {"{{ a - b }}", "1:6 unsupported"},
        {"{{ a * 2 }}", "1:6 unsupported"},
        {"{{ a / 2 }}", "1:6 unsupported"},
        {"{{ a // 2 }}", "1:6 unsupported"},
        {"{{ a % 2 }}", "1:6 unsupported"},
        {"{{ a ** 2 }}", "1:6 unsupported"},
        {"{{ a ~ b }}", "1:6 unsupported"},
        {"{{ -a }}", "1:4 unsupported"},
        {"{{ - - 1 }}", "1:4 unsupported"},
        {"{{ + a }}", "1:4 unsupported"},
        {"{{ a if b else c }}", "1:6 unsupported"},
        {"{{ (a if b else c) }}", "1:7 unsupported"},
        {"{{ a is defined if b else c }}", "1:17 unsupported"},
        {"{{ a, b }}", "1:5 unsupported"},
        {"{{ (a, b) }}", "1:6 unsupported"},
        {"{{ () }}", "1:5 unsupported"},
        {"{{ {'a': 1} }}", "1:4 unsupported"},
        {"{{ a[1:2] }}", "1:7 unsupported"},
        {"{{ a[:2] }}", "1:6 unsupported"},
        {"{{ a[b] }}", "1:6 unsupported"},
        {"{{ a[true] }}", "1:6 unsupported"},
        {"{{ a = 1 }}", "1:6 unsupported"},
        {"{{ a is number }}", "1:9 unsupported"},
        {"{{ a is not undefined }}", "1:13 unsupported"},
        {"{{ a is None }}", "1:9 unsupported"},
        {"{{ a|abs }}", "1:6 unknown-filter"},
        {"{{ a|d('x') }}", "1:6 unknown-filter"},
        {"{{ a|foo.bar }}", "1:6 unknown-filter"},
        {"{{ a|join(',', attribute='x') }}", "1:16 filter-arguments"},
        {"{% set a = 1 %}", "1:4 unsupported"},
        {"{%- macro m() %}{% endmacro %}", "1:5 unsupported"},
        {"{% include 'a' %}", "1:4 unsupported"},
        {"{% import 'a' as b %}", "1:4 unsupported"},
        {"{% from 'a' import b %}", "1:4 unsupported"},
        {"{% extends 'a' %}", "1:4 unsupported"},
        {"{% block a %}{% endblock %}", "1:4 unsupported"},
        {"{% call a() %}{% endcall %}", "1:4 unsupported"},
        {"{% filter upper %}{% endfilter %}", "1:4 unsupported"},
        {"{% with a = 1 %}{% endwith %}", "1:4 unsupported"},
        {"{% print a %}", "1:4 unsupported"},
        {"{% do a %}", "1:4 unsupported"},
        {"{% autoescape true %}{% endautoescape %}", "1:4 unsupported"},
        {"{% for x in a %}{% break %}{% endfor %}", "1:20 unsupported"},
        {"{% unless a %}", "1:4 unsupported"},
        {"{% for k, v in a %}{% endfor %}", "1:9 unsupported"},
        {"{% for x in a if x %}{% endfor %}", "1:15 unsupported"},
        {"{% for x in a recursive %}{% endfor %}", "1:15 unsupported"},
        {"{% for x in a %}{{ loop }}{% endfor %}", "1:25 unsupported"},
        {"{% for x in a %}{{ loop.revindex }}{% endfor %}", "1:24 unsupported"},
        {"{% for x in a %}{% if loop %}{% endif %}{% endfor %}", "1:28 unsupported"},
        {"{% if a: %}{% endif %}", "1:8 unsupported"},
        {"{% if a, b %}{% endif %}", "1:8 unsupported"},
    });
}

TEST_CASE("what cannot be read is refused where it stands", "[template]")
{
    check_problems({
        {"{{ }}", "1:4 syntax"},
        {"{{}}", "1:3 syntax"},
        {"{% %}", "1:4 syntax"},
        {"{% 1 %}", "1:4 syntax"},
        {"{{ a b }}", "1:6 syntax"},
        {"{{ a 'b' }}", "1:6 syntax"},
        {"{{ 01 }}", "1:5 syntax"},
        {"{{ 12a }}", "1:6 syntax"},
        {"{{ 1__0 }}", "1:5 syntax"},
        {"{{ . }}", "1:4 syntax"},
        {"{{ a. }}", "1:7 syntax"},
        {"{{ a..b }}", "1:6 syntax"},
        {"{{ a. 1.5 }}", "1:7 syntax"},
        {"{{ |upper }}", "1:4 syntax"},
        {"{{ a| }}", "1:7 syntax"},
        {"{{ a|'upper' }}", "1:6 syntax"},
        {"{{ a|upper.x }}", "1:11 syntax"},
        {"{{ a == }}", "1:9 syntax"},
        {"{{ == a }}", "1:4 syntax"},
        {"{{ a and }}", "1:10 syntax"},
        {"{{ and a }}", "1:4 syntax"},
        {"{{ not }}", "1:8 syntax"},
        {"{{ a not b }}", "1:6 syntax"},
        {"{{ a == not b }}", "1:9 syntax"},
        {"{{ a is }}", "1:9 unsupported"},
        {"{{ a is defined b }}", "1:17 syntax"},
        {"{{ a is defined in b }}", "1:17 syntax"},
        {"{{ a is defined is none }}", "1:17 syntax"},
        {"{{ a && b }}", "1:6 syntax"},
        {"{{ !a }}", "1:4 syntax"},
        {"{{ a ? b }}", "1:6 syntax"},
        {"{{ $a }}", "1:4 syntax"},
        {"{{ ²a }}", "1:4 syntax"},
        {"{{ ٣ }}", "1:4 syntax"},
        {"{{ a-b }}", "1:5 unsupported"},
        {"{{ a) }}", "1:5 syntax"},
        {"{{ (a] }}", "1:6 syntax"},
        {"{{ [a,,b] }}", "1:7 unsupported"},
        {"{{ [,] }}", "1:5 unsupported"},
        {"{{ [a b] }}", "1:7 syntax"},
        {"{{ a[] }}", "1:6 unsupported"},
        {"{{ a[0 }}", "1:8 syntax"},
        {"{{ a; }}", "1:5 syntax"},
        {"{{ a +}}", "1:6 unsupported"},
        {"{% if %}{% endif %}", "1:7 syntax"},
        {"{% if a b %}{% endif %}", "1:9 syntax"},
        {"{% endif %}", "1:4 syntax"},
        {"{% else %}", "1:4 syntax"},
        {"{% elif a %}", "1:4 syntax"},
        {"{% endfor %}", "1:4 syntax"},
        {"{% if a %}{% endfor %}{% endif %}", "1:14 syntax"},
        {"{% if a %}{% else %}{% else %}{% endif %}", "1:24 syntax"},
        {"{% if a %}{% else %}{% elif b %}{% endif %}", "1:24 syntax"},
        {"{% if a %}{% else b %}{% endif %}", "1:19 syntax"},
        {"{% if a %}{% endif b %}", "1:20 syntax"},
        {"{% for a %}{% endfor %}", "1:10 syntax"},
        {"{% for in a %}{% endfor %}", "1:8 syntax"},
        {"{% for a in %}{% endfor %}", "1:13 syntax"},
        {"{% for 'a' in b %}{% endfor %}", "1:8 syntax"},
        {"{% for a.b in b %}{% endfor %}", "1:9 syntax"},
        {"{% for loop in b %}{% endfor %}", "1:8 syntax"},
        {"{% for true in b %}{% endfor %}", "1:8 syntax"},
        {"{% for a in b %}{% elif c %}{% endfor %}", "1:20 syntax"},
        {"{% raw +%}{% endraw %}", "1:4 syntax"},
        {"{% endraw %}", "1:4 syntax"},
    });
}

TEST_CASE("what has no end is refused where it begins", "[template]")
{
    check_problems({
        {"a {{ b", "1:3 unclosed"},
        {"{{", "1:1 unclosed"},
        {"{%", "1:1 unclosed"},
        {"{{ b }", "1:6 syntax"},
        {"{{ b %}", "1:6 syntax"},
        {"{% if a }}", "1:9 syntax"},
        {"{{ a and {{ b }}", "1:1 unclosed"},
        {"{{ a {% if b %}", "1:1 unclosed"},
        {"x\n{# c", "2:1 unclosed"},
        {"{#", "1:1 unclosed"},
        {"{#}", "1:1 unclosed"},
        {"{% raw %}x{% endra %}", "1:1 unclosed"},
        {"{% raw %}", "1:1 unclosed"},
        {"{{ 'a }}", "1:4 unclosed"},
        {"{{ \"a' }}", "1:4 unclosed"},
        {"{{ 'a\\' }}", "1:4 unclosed"},
        {"{{ 'a\\", "1:4 unclosed"},
        {"{{ (a }}", "1:7 syntax"},
        {"{% if a %}x", "1:4 unclosed"},
        {"{% for x in a %}{% if x %}{% endif %}", "1:4 unclosed"},
        {"{% if a %}{% if b %}{% endif %}", "1:4 unclosed"},
    });
}

TEST_CASE("arguments of filters are counted and known by name", "[template]")
{
    check_problems({
        {"{{ a|upper(1) }}", "1:12 filter-arguments"},
        {"{{ a|replace }}", "1:6 filter-arguments"},
        {"{{ a|replace('a') }}", "1:6 filter-arguments"},
        {"{{ a|replace('a', new='b', old='c') }}", "1:28 filter-arguments"},
        {"{{ a|replace('a', 'b', 1, 2) }}", "1:27 filter-arguments"},
        {"{{ a|default(default_value=1, 2) }}", "1:31 filter-arguments"},
        {"{{ a|default('x', silent=true) }}", "1:19 filter-arguments"},
        {"{{ a|join(',' }}", "1:15 syntax"},
        {"{{ a|join(,) }}", "1:11 unsupported"},
        {"{{ a|join(*b) }}", "1:11 unsupported"},
    });
}

TEST_CASE("a literal must be a value", "[template]")
{
    check_problems({
        {"{{ 18446744073709551616 }}", "1:4 invalid-literal"},
        {"{{ -9223372036854775809 }}", "1:5 invalid-literal"},
        {"{{ 1e999 }}", "1:4 invalid-literal"},
        {"{{ a[9223372036854775808] }}", "1:6 invalid-literal"},
        {R"({{ "ab\x4" }})", "1:7 invalid-literal"},
        {R"({{ "\u00e" }})", "1:5 invalid-literal"},
        {R"({{ "\U00110000" }})", "1:5 invalid-literal"},
        {R"({{ "\ud83d\ude00" }})", "1:5 invalid-literal"},
        {R"({{ "\0" }})", "1:5 invalid-literal"},
        {R"({{ "\x00" }})", "1:5 invalid-literal"},
        {R"({{ "\N{DASH}" }})", "1:5 invalid-literal"},
        {"{{ \"\\é\" }}", "1:5 invalid-literal"},
    });
}

TEST_CASE("lines and columns count characters, whatever ends a line", "[template]")
{
    check_problems({
        {"é😀 {{ a + b }}", "1:9 unsupported"},
        {"a\nb\n  {{ 'é' + b }}", "3:10 unsupported"},
        {"a\r\nb\rc\n\r{{ + }}", "5:4 unsupported"},
        {"{{ a\n\n  + b }}", "3:3 unsupported"},
        {"{% if a %}\n{{ b }}\n{% endif %}\n{% set x = 1 %}", "4:4 unsupported"},
        {"{% raw %}\n{{\n{% endraw %}{# \n #}{{ + }}", "4:7 unsupported"},
        {"x\n{{- '\n' -}}\n\n{{ + }}", "5:4 unsupported"},
    });
}

TEST_CASE("a text that is not UTF-8 is refused at the first byte that is not", "[template]")
{
    check_problems({
        {"ab\ncé\xFF", "2:3 invalid-utf8"},
        {"\xC3", "1:1 invalid-utf8"},
        {"\xC0\x80", "1:1 invalid-utf8"},
        {"a\xED\xA0\x80", "1:2 invalid-utf8"},
        {"\xF4\x90\x80\x80", "1:1 invalid-utf8"},
        {"\xE0\x80\x80", "1:1 invalid-utf8"},
        {"{{ + }}\x80", "1:8 invalid-utf8"},
    });
}

TEST_CASE("a problem says what to write instead", "[template]")
{
    CHECK(message_of("{{ a if b else c }}") ==
          "`if`: there is no inline if; write {% if a %}b{% else %}c{% endif %}");
    CHECK(message_of("{{ a|abs }}") ==
          "there is no filter `abs`; there are default, join, length, lower, replace, tojson, trim, upper");
    CHECK(message_of("{% set a = 1 %}") ==
          "there is no tag `set`: nothing is assigned; give the value as a variable");
    CHECK(message_of("{% if a %}\n{% endfor %}") ==
          "`endfor` belongs to no block here; the innermost open one is `if` of line 1");
    CHECK(message_of("{{ a == " + std::string(100, 'x') + " y }}").size() < 200);
    CHECK(message_of("{{ a " + std::string(100, 'x') + " }}").size() < 200);
}
