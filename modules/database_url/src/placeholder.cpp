#include "placeholder.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

struct pair_of_marks
{
    std::string_view open;
    std::string_view close;
};

constexpr auto templates =
    std::array{pair_of_marks{"${", "}"}, pair_of_marks{"$(", ")"}, pair_of_marks{"{{", "}}"},
               pair_of_marks{"<%", "%>"}, pair_of_marks{"#{", "}"}};
constexpr auto brackets =
    std::array{pair_of_marks{"<", ">"}, pair_of_marks{"[", "]"}, pair_of_marks{"{", "}"}};
constexpr auto quotes =
    std::array{pair_of_marks{"\"", "\""}, pair_of_marks{"'", "'"}, pair_of_marks{"`", "`"}};

// Words of which placeholders are made.
constexpr auto telling_words =
    std::array<std::string_view, 14>{"your",     "password", "passwd", "secret", "user", "name", "host",
                                     "database", "here",     "db",     "pass",   "port", "pw",   "insert"};
// What programs and people write where there is no value.
constexpr auto no_values = std::array<std::string_view, 5>{"undefined", "null", "none", "nil", "nan"};
constexpr auto unmeant_words = std::array<std::string_view, 13>{
    "changeme",      "change_me",    "change-me",     "changethis",    "replaceme",
    "replace_me",    "replace-me",   "password_here", "your_password", "todo",
    "your-password", "yourpassword", "placeholder"};

std::string_view within(std::string_view value, pair_of_marks marks)
{
    auto const whole = value.size() > marks.open.size() + marks.close.size() &&
                       value.starts_with(marks.open) && value.ends_with(marks.close);
    return whole ? value.substr(marks.open.size(), value.size() - marks.open.size() - marks.close.size())
                 : std::string_view{};
}

template <std::size_t count>
std::string_view within_any(std::string_view value, std::array<pair_of_marks, count> const& all)
{
    for (auto const& marks : all)
        if (auto const inner = within(value, marks); !inner.empty())
            return inner;
    return {};
}

bool is_capital_name(std::string_view name)
{
    return name.size() >= 2 && !is_digit(name.front()) &&
           all(name, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

// $NAME or %NAME%, as the whole part.
bool is_variable(std::string_view value)
{
    return (value.starts_with('$') && is_capital_name(value.substr(1))) ||
           is_capital_name(within(value, {"%", "%"})) || value == "%s" ||
           !within(value, {"%(", ")s"}).empty() || !within(value, {"%{", "}"}).empty() ||
           !within(value, {"@@", "@@"}).empty();
}

bool holds_telling_word(std::string_view value)
{
    auto const folded = lowered(value);
    return made_of_words(folded, "-_ .:") &&
           std::any_of(telling_words.begin(), telling_words.end(), [&](auto word) {
               for (auto at = folded.find(word); at != folded.npos; at = folded.find(word, at + 1)) {
                   auto const end = at + word.size();
                   if ((at == 0 || !is_alnum(folded[at - 1]) || word.size() > 3) &&
                       (end == folded.size() || !is_alnum(folded[end]) || word.size() > 3))
                       return true;
               }
               return false;
           });
}

bool is_unmeant(std::string_view value)
{
    auto const folded = lowered(value);
    auto const marks_alone =
        value == "\"\"" || value == "''" || value == "{}" || value == "<>" || value == "[]";
    return marks_alone ||
           std::find(unmeant_words.begin(), unmeant_words.end(), folded) != unmeant_words.end() ||
           std::find(no_values.begin(), no_values.end(), folded) != no_values.end() || value == "PASSWORD" ||
           (folded.size() >= 3 && all(folded, [](char c) { return c == 'x'; }));
}

bool is_mask(std::string_view value)
{
    auto const begin = value.find_first_not_of("*<[{");
    auto const end = value.find_last_not_of("*>]}");
    if (begin == value.npos)
        return value.size() >= 2 && all(value, [](char c) { return c == '*'; });
    if (end - begin > 7) // longer than the words
        return value.starts_with("**") && value.ends_with("**");
    auto const inner = lowered(value.substr(begin, end + 1 - begin));
    return inner == "redacted" || inner == "masked" || inner == "hidden" || inner == "filtered" ||
           (value.starts_with("**") && value.ends_with("**"));
}

bool is_your(std::string_view value)
{
    return value.starts_with("YOUR_") || value.starts_with("YOUR-");
}

} // namespace

stand_in stand_in_for(std::string_view value)
{
    if (made_of_words(value, "-_.") && !is_mask(value) && !is_your(value)) // most values: no mark is in them
        return is_unmeant(value) ? stand_in::word : stand_in::none;
    auto const template_in = [&](auto const& marks) { return contains(value, marks.open); };
    if (std::any_of(templates.begin(), templates.end(), template_in) || is_variable(value))
        return stand_in::variable;
    if (is_mask(value))
        return stand_in::masked;
    if (is_your(value) || is_your(within(value, {"[", "]"})) || !within(value, {"<", ">"}).empty() ||
        !within(value, {"{", "}"}).empty())
        return stand_in::placeholder;
    if (!within_any(value, quotes).empty() || !within(value, {"[", "]"}).empty())
        return stand_in::wrapped;
    return is_unmeant(value) ? stand_in::word : stand_in::none;
}

stand_in stand_in_for_password(std::string_view value)
{
    if (auto const name = within_any(value, templates); !name.empty())
        return made_of_words(name, "_.-: /") ? stand_in::variable : stand_in::wrapped;
    if (is_variable(value))
        return stand_in::word; // a generator may have made it
    if (is_mask(value))
        return stand_in::masked;
    if (is_your(value) && holds_telling_word(value.substr(5)))
        return stand_in::placeholder;
    if (auto const inner = within_any(value, brackets); !inner.empty())
        return holds_telling_word(inner) ? stand_in::placeholder : stand_in::wrapped;
    if (!within_any(value, quotes).empty())
        return stand_in::wrapped;
    return is_unmeant(value) ? stand_in::word : stand_in::none;
}

} // namespace schemagate::url
