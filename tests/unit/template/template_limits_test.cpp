// What a template and a rendering may cost.
#include <chrono>

#include "template_fixture.hpp"

using namespace templates;

namespace {

std::string times(std::size_t count, std::string_view text)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

std::string nested(std::size_t count, std::string_view open, std::string_view inside, std::string_view close)
{
    return times(count, open) + std::string{inside} + times(count, close);
}

boost::json::object with_list(std::size_t size)
{
    return {{"a", boost::json::array(size, 1)}};
}

std::string rendered_within(app::render_budget& budget, std::string_view text,
                            boost::json::object const& values)
{
    std::string out;
    try {
        parsed(text).render(values, budget, out);
    }
    catch (app::render_error const& error) {
        return std::string{error.code()};
    }
    return std::to_string(out.size());
}

} // namespace

TEST_CASE("a template has at most 256 KiB", "[template]")
{
    std::string const largest(262144, 'x');
    CHECK(problem_of(largest) == "none");
    CHECK(problem_of(largest + "x") == "1:1 template-too-large");
}

TEST_CASE("blocks nest 32 deep", "[template]")
{
    CHECK(rendered(nested(32, "{% if true %}", "x", "{% endif %}")) == "x");
    CHECK(problem_of(nested(33, "{% if true %}", "x", "{% endif %}")) == "1:420 nesting-limit");
    CHECK(rendered(nested(32, "{% for x in [1] %}", "{{ x }}", "{% endfor %}")) == "1");
    CHECK(problem_of(nested(16, "{% if a %}{% for x in a %}", "", "{% endfor %}{% endif %}")) == "none");
    CHECK(problem_of(nested(17, "{% if a %}{% for x in a %}", "", "{% endfor %}{% endif %}")) ==
          "1:420 nesting-limit");
    CHECK(problem_of("{% if a %}" + times(1000, "{% elif a %}") + "{% endif %}" +
                     times(1000, "{% if a %}{% endif %}")) == "none");
}

TEST_CASE("parentheses, lists, arguments, not and filters nest 32 deep", "[template]")
{
    CHECK(rendered("{{ " + nested(32, "(", "1", ")") + " }}") == "1");
    CHECK(problem_of("{{ " + nested(33, "(", "1", ")") + " }}") == "1:37 nesting-limit");
    CHECK(rendered("{{ " + nested(31, "[", "1", "]") + "|length }}") == "1");
    CHECK(problem_of("{{ " + nested(32, "[", "1", "]") + " }}") == "none");
    CHECK(problem_of("{{ " + nested(33, "[", "1", "]") + " }}") == "1:37 nesting-limit");
    CHECK(rendered("{{ " + times(32, "not ") + "1 }}") == "True");
    CHECK(problem_of("{{ " + times(33, "not ") + "1 }}") == "1:4 nesting-limit");
    CHECK(rendered("{{ ' x'" + times(32, "|trim") + " }}") == "x");
    CHECK(problem_of("{{ ' x'" + times(33, "|trim") + " }}") == "1:169 nesting-limit");
    CHECK(problem_of("{{ a" + nested(33, "|default(a", "", ")") + " }}") != "none");
    for (auto const& deep :
         {"{{ " + times(80000, "("), "{{ " + times(80000, "["), "{{ " + times(60000, "not "),
          "{{ a" + times(40000, "|trim"), "{{ a" + times(20000, "|default(a"), times(20000, "{% if a %}"),
          "{{ " + times(80000, "-")}) {
        CHECK(problem_of(deep) != "none");
    }
}

TEST_CASE("chains that do not nest are as long as the text", "[template]")
{
    CHECK(rendered("{{ 1" + times(10000, " and 1") + " }}") == "1");
    CHECK(rendered("{{ 0" + times(10000, " or 0") + " }}") == "0");
    CHECK(rendered("{{ 1" + times(10000, " == 1") + " }}") == "True");
    CHECK(rendered("{{ a" + times(10000, ".a") + " }}").empty());
    CHECK(rendered("{{ [" + times(10000, "1,") + "]|length }}") == "10000");
}

TEST_CASE("the output has at most 4 MiB", "[template]")
{
    auto const values = boost::json::object{{"a", std::string(1 << 20, 'x')}};
    app::render_budget budget;
    CHECK(rendered_within(budget, "{{ a }}{{ a }}{{ a }}{{ a }}", values) == "4194304");
    CHECK(budget.output_bytes == 0);
    CHECK(rendered_within(budget, "", values) == "0");
    CHECK(rendered_within(budget, "x", values) == "render-limit");
    budget = {};
    CHECK(rendered_within(budget, "{{ a }}{{ a }}{{ a }}{{ a }}.", values) == "render-limit");
    budget = {};
    CHECK(rendered_within(budget, "{% for x in a %}{{ [a] }}{% endfor %}", values) == "render-limit");
    CHECK(error_of("\n{{ 'xx' }}", "{}", {.output_bytes = 2}) ==
          "render-limit: line 2: the rendered text is longer than 4 MiB; use shorter values or loop over "
          "fewer");
}

TEST_CASE("nothing is printed beyond the limit, of numbers and lists neither", "[template]")
{
    for (auto const* const text :
         {"{{ 12345 }}", "{{ [1, 2] }}", "ab{{ 1 }}", "a{{ 12 }}", "{{ 'abc' }}", "abc"}) {
        INFO(text);
        app::render_budget budget{.output_bytes = 2};
        std::string out;
        CHECK_THROWS_AS(parsed(text).render({}, budget, out), app::render_error);
        CHECK(out.size() <= 2);
    }
}

TEST_CASE("the loops of a rendering take at most 100,000 passes together", "[template]")
{
    app::render_budget budget;
    CHECK(rendered_within(budget, "{% for x in a %}x{% endfor %}", with_list(100'000)) == "100000");
    CHECK(rendered_within(budget, "{% for x in a %}{% endfor %}", with_list(1)) == "render-limit");
    budget = {};
    CHECK(rendered_within(budget, "{% for x in a %}{% endfor %}", with_list(100'001)) == "render-limit");
    budget = {};
    CHECK(rendered_within(budget, "{% for x in a %}{% for y in a %}{% endfor %}{% endfor %}",
                          with_list(315)) == "0");
    CHECK(budget.loop_passes == 100'000 - 315 - 315 * 315);
    budget = {};
    CHECK(rendered_within(budget, "{% for x in a %}{% for y in a %}{% endfor %}{% endfor %}",
                          with_list(316)) == "render-limit");
}

TEST_CASE("a filter makes no text that is longer than an output may be", "[template]")
{
    auto const values =
        boost::json::object{{"a", std::string(3000, 'x')}, {"b", boost::json::array(3000, "x")}};
    for (auto const* const text :
         {"{{ a|replace('x', a)|length }}", "{{ b|join(a)|length }}", "{{ a|replace('', a)|length }}",
          "{{ a|join(a)|upper|length }}", "{{ b|tojson(indent=99999999999)|length }}",
          "{{ b|tojson(indent=9999)|length }}"}) {
        INFO(text);
        app::render_budget budget;
        CHECK(rendered_within(budget, text, values) == "render-limit");
    }
}

TEST_CASE("work that neither prints nor loops ends, too", "[template]")
{
    auto const big = std::string(100'000, 'a');
    auto const values = boost::json::object{{"a", big},
                                            {"c", big + "b"},
                                            {"l", boost::json::array(10'000, "a")},
                                            {"h", std::string(50'000, 'a') + "b"}};
    for (auto const* const tag :
         {"{{ a|length }}", "{% if a|upper|lower %}{% endif %}", "{% if a == a %}{% endif %}",
          "{% if 'é' in l %}{% endif %}", "{% if a|trim|replace('b', 'c') %}{% endif %}",
          "{% if l|tojson %}{% endif %}", "{% if h in a %}{% endif %}", "{% if a[99999999] %}{% endif %}",
          "{% if l == l %}{% endif %}", "{% if a < c %}{% endif %}", "{% if a|trim(c) %}{% endif %}",
          "{% if [a|upper, a|upper] %}{% endif %}", "{% if l|join == 1 %}{% endif %}",
          "{% if c|replace('a', 'aa') == 1 %}{% endif %}", "{{ l|tojson|length }}",
          "{% if [l]|join %}{% endif %}"}) {
        INFO(tag);
        app::render_budget budget{.work = 1'000'000};
        CHECK(rendered_within(budget, times(200, tag), values) == "render-limit");
    }
    app::render_budget budget{.work = 1'000'000};
    CHECK(rendered_within(budget, "{% for x in l %}" + times(20, "{% if x %}{% endif %}") + "{% endfor %}",
                          values) == "render-limit");
    budget = {.work = 1'000};
    CHECK(rendered_within(budget, times(1000, "x{# #}"), values) == "render-limit");
}

TEST_CASE("an expression of any size is parsed in linear time", "[template]")
{
    std::string names;
    for (int i = 0; i < 20000; ++i) {
        names += "v" + std::to_string(i) + ",";
    }
    auto const begin = std::chrono::steady_clock::now();
    CHECK(parsed("{{ [" + names + "] }}").required().size() == 20000);
    CHECK(parsed("{% if [" + names + "] %}{{ v1 }}{% endif %}").variables().size() == 20000);
    CHECK(problem_of(times(60000, "{{{ ")) != "none");
    CHECK(problem_of("{% raw %}" + times(60000, "{% e")) != "none");
    CHECK(problem_of(times(60000, "{#- ")) != "none");
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
}

TEST_CASE("a value of any depth is printed or refused", "[template]")
{
    boost::json::value deep = 1;
    for (int i = 0; i < 200; ++i) {
        deep = boost::json::array{deep};
    }
    app::render_budget budget;
    CHECK(rendered_within(budget, "{{ a }}", {{"a", deep}}) == "401");
    for (int i = 0; i < 800; ++i) {
        deep = boost::json::array{deep};
    }
    for (auto const* const text :
         {"{{ a }}", "{{ a|tojson }}", "{{ a == b }}", "{{ a < b }}", "{{ a|join }}"}) {
        INFO(text);
        CHECK(rendered_within(budget, text, {{"a", deep}, {"b", deep}}) == "render-limit");
    }
}
