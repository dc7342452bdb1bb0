#include "template_refusal.hpp"

#include <algorithm>
#include <array>

#include "python_characters.hpp"
#include "template_source.hpp"

namespace app::jinja {

namespace {

struct advice
{
    std::string_view word;
    std::string_view code;
    std::string_view text;
};

constexpr std::string_view arithmetic = "there is no arithmetic; give the result as a variable";
constexpr std::string_view other_template = "a template cannot use another one; write its text here";
constexpr std::string_view no_macro = "there are no macros; write the text here, or loop over a list";

constexpr std::array<advice, 16> token_advice{{
    {"+", "unsupported", arithmetic},
    {"-", "unsupported", arithmetic},
    {"*", "unsupported", arithmetic},
    {"/", "unsupported", arithmetic},
    {"//", "unsupported", arithmetic},
    {"%", "unsupported", arithmetic},
    {"**", "unsupported", arithmetic},
    {"~", "unsupported", "texts are not put together in a tag; write {{ a }}{{ b }}"},
    {"(", "unsupported", "nothing can be called; use a filter, or give the result as a variable"},
    {",", "unsupported", "there are no tuples; write a list, [a, b], or a tag for each value"},
    {":", "unsupported", "there are no slices and no dictionaries; give the part as a variable"},
    {"=", "unsupported", "nothing is assigned; write == to compare"},
    {"if", "unsupported", "there is no inline if; write {% if a %}b{% else %}c{% endif %}"},
    {"recursive", "unsupported", "no loop is recursive; write a loop for each level"},
    {".", "syntax", "a variable's name stands before the dot"},
    {"|", "syntax", "a value stands before the filter"},
}};

constexpr std::array<advice, 19> tag_advice{{
    {"set", "unsupported", "nothing is assigned; give the value as a variable"},
    {"macro", "unsupported", no_macro},
    {"endmacro", "unsupported", no_macro},
    {"call", "unsupported", no_macro},
    {"include", "unsupported", other_template},
    {"import", "unsupported", other_template},
    {"from", "unsupported", other_template},
    {"extends", "unsupported", other_template},
    {"block", "unsupported", other_template},
    {"with", "unsupported", "nothing is assigned; use the path of the value itself"},
    {"filter", "unsupported", "a filter follows a value; write {{ value|upper }}"},
    {"print", "unsupported", "write {{ value }}"},
    {"do", "unsupported", "nothing can be called"},
    {"autoescape", "unsupported", "nothing is escaped; write {{ value|tojson }} for JSON"},
    {"break", "unsupported", "a loop passes over all elements; use {% if %} inside"},
    {"continue", "unsupported", "a loop passes over all elements; use {% if %} inside"},
    {"trans", "unsupported", "there are no translations; save a prompt for each language"},
    {"raw", "syntax", "write {% raw %} or {% raw -%}"},
    {"endraw", "syntax", "it closes nothing here; write {% raw %} before the text"},
}};

template <std::size_t N>
advice const* find_advice(std::array<advice, N> const& table, std::string_view word)
{
    auto const* const found =
        std::find_if(table.begin(), table.end(), [&](auto const& each) { return each.word == word; });
    return found == table.end() ? nullptr : found;
}

} // namespace

std::string quoted(std::string_view text)
{
    constexpr std::size_t longest = 60;
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size() && count < longest; ++count) {
        next_code_point(text, end);
    }
    return "`" + std::string{text.substr(0, end)} + (end < text.size() ? "…`" : "`");
}

void refuse_token(token const& unexpected)
{
    if (unexpected.kind == token_kind::tag_end) {
        throw parse_failure{"syntax", unexpected.offset, "a value is missing before the end of the tag"};
    }
    auto const* const known = unexpected.kind == token_kind::name || unexpected.kind == token_kind::symbol
                                  ? find_advice(token_advice, unexpected.text)
                                  : nullptr;
    if (known != nullptr) {
        throw parse_failure{known->code, unexpected.offset,
                            quoted(unexpected.text) + ": " + std::string{known->text}};
    }
    throw parse_failure{"syntax", unexpected.offset,
                        quoted(unexpected.text) +
                            " does not belong here; end the tag before it, or take it out"};
}

void refuse_tag(token const& word)
{
    auto const* const known = find_advice(tag_advice, word.text);
    if (known != nullptr) {
        throw parse_failure{known->code, word.offset,
                            "there is no tag " + quoted(word.text) + ": " + std::string{known->text}};
    }
    throw parse_failure{"unsupported", word.offset,
                        "there is no tag " + quoted(word.text) +
                            "; there are if, elif, else, endif, for, endfor, raw and endraw"};
}

void refuse_nesting(std::size_t offset)
{
    throw parse_failure{"nesting-limit", offset,
                        "this is nested deeper than 32; write less into one block or expression"};
}

} // namespace app::jinja
