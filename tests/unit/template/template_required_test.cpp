// Which variables a template uses, and which it cannot do without.
#include <string>

#include "template_fixture.hpp"

using namespace templates;

namespace {

std::string joined(std::vector<std::string> const& names)
{
    std::string all;
    for (auto const& name : names) {
        all += all.empty() ? "" : " ";
        all += name;
    }
    return all;
}

struct required_row
{
    std::string_view text;
    std::string_view required;
};

template <std::size_t N>
void check_required(required_row const (&rows)[N])
{
    for (auto const& [text, required] : rows) {
        INFO(text);
        CHECK(joined(parsed(text).required()) == required);
    }
}

} // namespace

TEST_CASE("variables are named once, in order of first use, without those of loops", "[template]")
{
    CHECK(joined(parsed("{{ b }}{{ a.x }}{{ b }}{% if c %}{% elif d in e %}{% endif %}{{ f|default(g) }}")
                     .variables()) == "b a c d e f g");
    CHECK(joined(parsed("{% for x in xs %}{{ x }}{{ loop.index }}{{ y }}{% else %}{{ z }}{% endfor %}")
                     .variables()) == "xs y z");
    CHECK(joined(parsed("{% for x in x %}{{ x }}{% endfor %}{{ loop }}").variables()) == "x loop");
    CHECK(joined(parsed("{# {{ a }} #}{% raw %}{{ b }}{% endraw %}{{ 'c' }}{{ true }}{{ none }}{{ имя }}")
                     .variables()) == "имя");
    CHECK(parsed("text").variables().empty());
}

TEST_CASE("a variable that is printed or looped over is required", "[template]")
{
    check_required({
        {"{{ a }}", "a"},
        {"{{ a.b.c }}{{ d[0] }}", "a d"},
        {"{{ a|upper }}{{ b|join(', ') }}{{ c|length }}{{ d|tojson }}{{ e|trim|replace('x', 'y') }}",
         "a b c d e"},
        {"{{ 'x'|replace('x', a) }}{{ b|join(c) }}", "a b c"},
        {"{{ [a, 1] }}{{ [b][0] }}{{ ([c]|join) }}", "a b c"},
        {"{% for x in a %}{{ x }}{% endfor %}", "a"},
        {"{% for x in a.b %}{{ x.c }}{{ d }}{% endfor %}", "a d"},
        {"{% for x in xs|default([]) %}{% for y in x %}{{ z }}{% endfor %}{% endfor %}", "z"},
        {"{% for x in [a] %}{{ x }}{% endfor %}", "a"},
        {"{{ a and 'x' }}", "a"},
        {"{{ 'x' and a }}{{ '' or b }}", "a b"},
        {"{{ (a) }}", "a"},
    });
}

TEST_CASE("default makes a variable optional, where it stands before what would print it", "[template]")
{
    check_required({
        {"{{ a|default('x') }}{{ a.b|default }}", ""},
        {"{{ a|default('x')|upper }}", ""},
        {"{{ a|default(b) }}", "b"},
        {"{{ a|default(b|default('x')) }}", ""},
        {"{{ a|upper|default('x') }}", "a"},
        {"{{ a|trim|default('x', true) }}", ""},
        {"{{ a|trim|default(b, true) }}", "b"},
        {"{{ a|default('x') }}{{ a }}", "a"},
        {"{% for x in a|default([]) %}{{ x }}{% endfor %}", ""},
        {"{{ a or 'x' }}{{ a.b or b or 'y' }}", ""},
        {"{{ a or b }}", "b"},
        {"{% for x in a or [] %}{% endfor %}", ""},
    });
}

TEST_CASE("a test is no output", "[template]")
{
    check_required({
        {"{% if a %}x{% elif b == c %}y{% elif d in e %}z{% endif %}", ""},
        {"{% if a|length > 0 %}x{% endif %}{% if b|lower == 'x' %}{% endif %}", ""},
        {"{{ a is defined }}{{ b is none }}{{ not c }}{{ d == 1 }}{{ e in [1] }}{{ 1 < f }}", ""},
    });
}

TEST_CASE("an if on a variable makes it optional where the if holds only with it", "[template]")
{
    check_required({
        {"{% if a %}{{ a }}{% endif %}", ""},
        {"{% if a %}{{ a.b }}{% for x in a %}{{ a }}{% endfor %}{% endif %}", ""},
        {"{% if a %}{% if b %}{{ a }}{{ b }}{% endif %}{% endif %}", ""},
        {"{% if a is defined %}{{ a }}{% endif %}{% if a is not none and a is defined %}{{ a }}{% endif %}",
         ""},
        {"{% if a.b %}{{ a.c }}{% endif %}", ""},
        {"{% if a and b %}{{ a }}{{ b }}{% endif %}", ""},
        {"{% if a == 'x' %}{{ a }}{% elif a > 3 %}{{ a }}{% elif 'k' in a %}{{ a }}{% endif %}", ""},
        {"{% if a in ['x', 'y'] %}{{ a }}{% endif %}{% if 1 < b < 3 %}{{ b }}{% endif %}", ""},
        {"{% if a|length > 0 %}{{ a }}{% endif %}{% if b|trim %}{{ b }}{% endif %}{% if c|lower == 'x' %}{{ "
         "c }}{% endif %}",
         ""},
        {"{% if a|default('') %}{{ a }}{% endif %}{% if b|default(1) == 2 %}{{ b }}{% endif %}", ""},
        {"{% if not not a %}{{ a }}{% endif %}", ""},
        {"{% if a %}{% endif %}{{ a }}", "a"},
        {"{% if b %}{{ a }}{% endif %}", "a"},
        {"{% if a or b %}{{ a }}{% endif %}", "a"},
        {"{% if a != 'x' %}{{ a }}{% endif %}", "a"},
        {"{% if a is none %}{{ a }}{% endif %}", ""},
        {"{% if a is not none %}{{ a }}{% endif %}", "a"},
        {"{% if a|default(1) %}{{ a }}{% endif %}", "a"},
        {"{% if true %}{{ a }}{% endif %}", "a"},
    });
}

TEST_CASE("else is where the if does not hold", "[template]")
{
    check_required({
        {"{% if a %}{% else %}{{ a }}{% endif %}", "a"},
        {"{% if not a %}{{ a }}{% endif %}", "a"},
        {"{% if not a %}none{% else %}{{ a }}{% endif %}", ""},
        {"{% if a is not defined %}none{% elif b %}{{ a }}{{ b }}{% else %}{{ a }}{{ b }}{% endif %}", "b"},
        {"{% if a %}{% elif b %}{{ b }}{% else %}{{ b }}{% endif %}", "b"},
        {"{% if not a or not b %}none{% else %}{{ a }}{{ b }}{% endif %}", ""},
        {"{% if a != 'x' %}none{% else %}{{ a }}{% endif %}", ""},
        {"{% if not a %}{% else %}{% endif %}{{ a }}", "a"},
        {"{% for x in a|default([]) %}{{ a }}{% else %}{{ b }}{% endfor %}", "b"},
        {"{% for x in a|default([]) %}{% else %}{{ a }}{% endfor %}", "a"},
        {"{% for x in a|default('x') %}{% else %}{{ a }}{% endfor %}", ""},
    });
}

TEST_CASE("the prompts of the first migration require what they print outside of an if", "[template]")
{
    check_required({
        {"Q: {{ student_query }}\n{% if interests %}\nInterests: {{ interests|join(\", \") }}\n{% endif "
         "%}\nJSON: { \"a\": 1 }",
         "student_query"},
    });
}

TEST_CASE("missing are the required variables without a value; null and empty text are values", "[template]")
{
    auto const program = parsed("{{ a }}{{ b }}{% if c %}{{ c }}{% endif %}{{ b }}{{ d }}");
    CHECK(joined(program.missing(object("{}"))) == "a b d");
    CHECK(joined(program.missing(object(R"({"a": null, "b": "", "x": 1})"))) == "d");
    CHECK(program.missing(object(R"({"a": 0, "b": [], "d": {}})")).empty());
}

TEST_CASE("a program is copied, moved, and outlives the text that it was parsed from", "[template]")
{
    auto text = std::string{"{{ a }}-{{ 'x\\n' }}"};
    auto const copy = [&] {
        auto program = parsed(text);
        return program;
    }();
    text.assign(text.size(), '#');
    auto moved = copy;
    auto const last = std::move(moved);
    app::render_budget budget;
    std::string out = ">";
    last.render(object(R"({"a": 1})"), budget, out);
    copy.render(object(R"({"a": 2})"), budget, out);
    CHECK(out == ">1-x\n2-x\n");
}
