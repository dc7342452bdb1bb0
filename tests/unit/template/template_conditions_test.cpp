// if, comparisons and tests. Each row is what Jinja2 3.1 prints, but for orderings with something absent.
#include "template_fixture.hpp"

using namespace templates;

namespace {

std::string truth_of(std::string const& condition, std::string_view values)
{
    return rendered("{% if " + condition + " %}yes{% else %}no{% endif %}", values);
}

} // namespace

TEST_CASE("if, elif and else take the first branch that is true", "[template]")
{
    constexpr std::string_view text =
        "{% if a == 1 %}one{% elif a == 2 %}two{% elif a %}many{% else %}none{% endif %}";
    check_all({
        {text, R"({"a": 1})", "one"},
        {text, R"({"a": 2})", "two"},
        {text, R"({"a": 3})", "many"},
        {text, R"({"a": 0})", "none"},
        {text, "{}", "none"},
        {"{% if a %}{% if b %}ab{% else %}a{% endif %}{% endif %}.", R"({"a": 1})", "a."},
    });
}

TEST_CASE("true is what Python takes for true", "[template]")
{
    constexpr std::string_view values =
        R"({"e": "", "z": 0, "f": 0.0, "n": null, "l": [], "o": {}, "t": "0", "m": -1,
                                           "x": [0], "p": {"k": 0}})";
    for (auto const* const name :
         {"e", "z", "f", "n", "l", "o", "absent", "p.q", "p.k", "false", "''", "[]", "0.0", "none"}) {
        INFO(name);
        CHECK(truth_of(name, values) == "no");
        CHECK(truth_of(std::string{"not "} + name, values) == "yes");
    }
    for (auto const* const name : {"t", "m", "x", "p", "true", "'0'", "[0]", "0.1", "-1"}) {
        INFO(name);
        CHECK(truth_of(name, values) == "yes");
    }
}

TEST_CASE("comparisons hold as in Python", "[template]")
{
    constexpr std::string_view values =
        R"({"i": 9007199254740993, "d": 9007199254740992.0, "u": 18446744073709551615,
        "l": [1, "a"], "o": {"k": 1, "m": [2]}, "p": {"m": [2], "k": 1.0}, "t": "abc", "n": null, "y": true})";
    for (auto const* const condition : {"1 == 1.0",
                                        "true == 1",
                                        "1 != '1'",
                                        "none == n",
                                        "i > d",
                                        "i != d",
                                        "i >= d",
                                        "not i == d",
                                        "u > 9223372036854775807",
                                        "u > -1",
                                        "-1 < u",
                                        "u == u",
                                        "0.5 < 1",
                                        "true < 2",
                                        "false < 0.5",
                                        "'a' < 'b'",
                                        "'Z' < 'a'",
                                        "'é' > 'z'",
                                        "'😀' > 'ﬁ'",
                                        "l == [1, 'a']",
                                        "[1, 2] < [1, 3]",
                                        "[1] < [1, 0]",
                                        "[] < [0]",
                                        "[1, 'a'] < [2, 0]",
                                        "o == p",
                                        "o != l",
                                        "t == 'abc'",
                                        "1 < 2 < 3",
                                        "3 > 2 > 1 >= 1 == 1.0",
                                        "not 1 < 3 < 2",
                                        "1 < 2 == 2",
                                        "y == 1",
                                        "'a' in t",
                                        "'' in t",
                                        "'bc' in t",
                                        "'ac' not in t",
                                        "1 in l",
                                        "true in l",
                                        "1.0 in l",
                                        "'b' not in l",
                                        "'k' in o",
                                        "'1' not in o",
                                        "1 not in o",
                                        "none not in o",
                                        "[2] in [[1], [2]]",
                                        "o.m[0] == 2",
                                        "'a' in 'abc' == true or true",
                                        "not 'x' in t",
                                        "i == 9007199254740993"}) {
        INFO(condition);
        CHECK(truth_of(condition, values) == "yes");
    }
}

TEST_CASE("what is absent equals only what is absent, and has no order", "[template]")
{
    for (auto const* const condition :
         {"x == y", "x.a == y", "x != none", "x != ''", "x not in [1]", "x in [y]", "x not in o",
          "1 not in x", "x not in x", "not x < 1", "not x >= 1", "not 1 < x", "not x <= x", "not x > 'a'",
          "not [x] < [1]", "x not in 'abc'", "not x in 'abc'", "x is not defined", "x is not none"}) {
        INFO(condition);
        CHECK(truth_of(condition, R"({"o": {}})") == "yes");
    }
}

TEST_CASE("defined and none are tests", "[template]")
{
    check_all({
        {"{{ a is defined }}{{ a is not defined }}{{ b is defined }}{{ not b is defined }}", R"({"a": null})",
         "TrueFalseFalseTrue"},
        {"{{ a is none }}{{ a is not none }}{{ b is none }}", R"({"a": null})", "TrueFalseFalse"},
        {"{{ a.b.c is defined }}{{ a['k'] is defined }}", R"({"a": {"k": 0}})", "FalseTrue"},
        {"{{ a is defined and a is none or false }}{{ a is defined == true }}", R"({"a": null})", "TrueTrue"},
        {"{{ a|default(1) is defined }}", "{}", "True"},
    });
}

TEST_CASE("and, or and not bind as in Python, and give the operand that decides", "[template]")
{
    check_all({
        {"{{ true or false and false }}{{ (true or false) and false }}", "{}", "TrueFalse"},
        {"{{ not false and false }}{{ not (false and false) }}{{ not 1 == 2 }}", "{}", "FalseTrueTrue"},
        {"{{ a or 'x' }}{{ b and 'y' }}{{ a and 'z' }}{{ '' or 0 }}{{ 1 and 2 and 3 }}",
         R"({"a": "", "b": "t"})", "xy03"},
        {"{{ a and a|length|join }}{{ true or 1|join }}{{ 2 < 1 < 'a' }}", R"({"a": ""})", "TrueFalse"},
        {"{{ not not 1 }}{{ not\tnot\nnot 1 }}", "{}", "TrueFalse"},
    });
}

TEST_CASE("where Python raises TypeError, the variable's type is named with its path and line", "[template]")
{
    constexpr std::string_view values =
        R"({"a": {"n": 5}, "s": "secret", "l": [1], "z": null, "o": {"k": 1}})";
    auto const error = [&](std::string_view condition) {
        return error_of("\n{% if " + std::string{condition} + " %}{% endif %}", values);
    };
    CHECK(error("a.n < s") ==
          "variable-type: line 2: `a.n` is a number and `s` is text; only numbers, texts or lists have "
          "an order among themselves");
    CHECK(error("a.n in s") ==
          "variable-type: line 2: `a.n` is a number and `s` is text; `in` takes a text in a text, a value "
          "in a list, or a key in an object");
    for (auto const* const condition :
         {"z < 1", "1 > z", "z < z", "o < o", "l < 1", "'a' < l", "[1] < ['a']", "1 in 5", "1 in z", "1 in s",
          "z in s", "[1] in o", "o in o", "true in s", "1 < 2 < s", "1 not in s"}) {
        INFO(condition);
        CHECK_THAT(error(condition), support::holds("variable-type: line 2: "));
        CHECK_THAT(error(condition), !support::holds("secret"));
    }
}
