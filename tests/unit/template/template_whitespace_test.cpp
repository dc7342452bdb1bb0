// trim_blocks, lstrip_blocks, keep_trailing_newline, the signs - and +, and line ends. Each row is what
// Jinja2 3.1 prints.
#include "template_fixture.hpp"

using namespace templates;

TEST_CASE("text without tags is printed as it is, with LF for each line's end", "[template]")
{
    check_all({
        {"", "{}", ""},
        {"plain", "{}", "plain"},
        {"a\r\nb\rc\n", "{}", "a\nb\nc\n"},
        {"\r\r\n\n\r", "{}", "\n\n\n\n"},
        {"trailing\n\n", "{}", "trailing\n\n"},
        {"{ \"json\": 1 } }} %} #} {", "{}", "{ \"json\": 1 } }} %} #} {"},
        {"{\n{ a }}", "{}", "{\n{ a }}"},
    });
}

TEST_CASE("a block and a comment take the line's end behind them, an output does not", "[template]")
{
    check_all({
        {"{% if true %}\nx\n{% endif %}\ny", "{}", "x\ny"},
        {"{% if true %}\n\nx{% endif %}", "{}", "\nx"},
        {"{% if true %}\r\nx{% endif %}\r\ny", "{}", "xy"},
        {"{% if true %} \nx{% endif %}", "{}", " \nx"},
        {"{# c #}\nx", "{}", "x"},
        {"{{ 1 }}\nx", "{}", "1\nx"},
        {"{% if true +%}\nx{% endif %}", "{}", "\nx"},
        {"{# c +#}\nx", "{}", "\nx"},
    });
}

TEST_CASE("white space before a block or comment that begins its line is dropped", "[template]")
{
    check_all({
        {"  {% if true %}x{% endif %}", "{}", "x"},
        {"a\n \t {% if true %}x{% endif %}", "{}", "a\nx"},
        {"a {% if true %}x{% endif %}", "{}", "a x"},
        {"  {{ 1 }}", "{}", "  1"},
        {"{{ 1 }}  {% if true %}x{% endif %}", "{}", "1  x"},
        {"{% if true %}  {% if true %}x{% endif %}{% endif %}", "{}", "  x"},
        {"{% if true %}\n  {% if true %}x{% endif %}{% endif %}", "{}", "x"},
        {"  {# c #}x", "{}", "x"},
        {"  {%+ if true %}x{% endif %}", "{}", "  x"},
        {"  {#+ c #}x", "{}", "  x"},
        {"\xC2\xA0{% if true %}x{% endif %}", "{}", "x"},
        {"a\n\xE2\x80\xA8{# c #}x", "{}", "a\nx"},
    });
}

TEST_CASE("a minus strips white space of any kind and all lines on its side", "[template]")
{
    check_all({
        {"a \n\n {{- 1 -}} \n\t b", "{}", "a1b"},
        {"a \n {%- if true -%} \n x \n {%- endif -%} \n b", "{}", "axb"},
        {"a {#- c -#} b", "{}", "ab"},
        {"a\xC2\xA0\xE3\x80\x80{{- 1 }}", "{}", "a1"},
        {"{{- 1 }}", "{}", "1"},
        {"{{-1}}", "{}", "1"},
        {"a {{+ 1 }} b", "{}", "a 1 b"},
        {"a {#-#} b", "{}", "a b"},
        {"{% if true -%}\n\n  {%+ if true %}x{% endif %}{% endif %}", "{}", "x"},
    });
}

TEST_CASE("a raw block is text, with the white space control of its two tags", "[template]")
{
    check_all({
        {"{% raw %}{{ a }}{% if %}{# c #}{% endraw %}", "{}", "{{ a }}{% if %}{# c #}"},
        {"{% raw %}\nx\n  {% endraw %}\ny", "{}", "\nx\ny"},
        {"{%raw%}x{%endraw%}", "{}", "x"},
        {"a {%- raw -%} \n x \n {%- endraw -%} \n b", "{}", "axb"},
        {"{% raw %}  {% endraw %}", "{}", "  "},
        {"{% raw %}x {%+ endraw +%}\ny", "{}", "x \ny"},
        {"{% raw %}{% raw %}{% endraw %}", "{}", "{% raw %}"},
        {"  {% raw %}x{% endraw %}", "{}", "x"},
        {"{% raw %}{% endrawx %}{% endraw %}", "{}", "{% endrawx %}"},
    });
}

TEST_CASE("the end of a tag in a string does not end it, and a comment ends at the first mark", "[template]")
{
    check_all({
        {"{{ '}}' }}", "{}", "}}"},
        {"{{ \"%}\" }}{% if '%}' == \"%}\" %}x{% endif %}", "{}", "%}x"},
        {"{{ '{{ a }}' }}", "{}", "{{ a }}"},
        {"{# {{ a }} {% if %} '#}'", "{}", "'"},
        {"{{ ['}}'][0] }}", "{}", "}}"},
        {"{{\n1\n}}", "{}", "1"},
        {"{{\xC2\xA0"
         "1}}",
         "{}", "1"},
    });
}

TEST_CASE("values are never read as template text", "[template]")
{
    check_all({
        {"{{ a }}", R"({"a": "{{ b }}{% raw %}\r\n"})", "{{ b }}{% raw %}\r\n"},
        {"{{ a|replace('x', '{{ b }}') }}", R"({"a": "x"})", "{{ b }}"},
    });
}
