// A template of any bytes: it is parsed or refused at a place inside it, and rendered within its budget, with
// values of every kind and with none. Nothing is missing where nothing required is absent, and two renderings
// are equal.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "broken_promise.hpp"
#include "template/program.hpp"

namespace json = boost::json;

namespace {

constexpr std::size_t most_output = 1 << 16;

json::object const& values()
{
    static auto const all = json::parse(R"({
        "a": "text", "b": 2, "c": 1.5, "n": null, "t": true, "f": false, "e": "", "z": 0, "s": " Straße ΣΑΣ it's <b> ",
        "l": [1, "two", null, [3, {"k": "v"}], true, 18446744073709551615], "o": {"k": "v", "items": [1, 2], "a b": {"c": -1e22}},
        "u": [{"name": "x", "tags": ["p", "q"]}, {"name": "y", "tags": []}], "loop": {"index": "mine"}, "имя": "И"})")
                                .as_object();
    return all;
}

struct result
{
    std::string text;
    std::string error;

    bool operator==(result const&) const = default;
};

result rendered(app::program const& program, json::object const& with)
{
    result made;
    app::render_budget budget{.output_bytes = most_output, .loop_passes = 2000, .work = 200'000};
    try {
        program.render(with, budget, made.text);
    }
    catch (app::render_error const& error) {
        made.error = std::string{error.code()} + ' ' + error.what();
        promise(error.code() == app::render_error::limit || error.code() == app::render_error::variable_type,
                "an error has one of two codes", made.error);
        promise(std::string_view{error.what()}.starts_with("line "), "an error says in which line",
                made.error);
    }
    promise(made.text.size() <= most_output, "the output keeps to its limit");
    return made;
}

void look_at_problem(std::string_view text, app::template_problem const& problem)
{
    static std::set<std::string, std::less<>> const codes{
        "template-too-large", "invalid-utf8",   "nesting-limit",    "unclosed",       "syntax",
        "unsupported",        "unknown-filter", "filter-arguments", "invalid-literal"};
    promise(codes.contains(problem.code), "a problem has a code of the list", problem.code);
    promise(!problem.message.empty() && problem.message.size() < 500,
            "a problem says in a sentence what it is", problem.message);
    auto const ends = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }));
    promise(problem.line >= 1 && problem.line <= ends + 1, "a problem lies in a line of the text");
    promise(problem.column >= 1 && problem.column <= text.size() + 1,
            "a problem lies in a column of the text");
}

void look_at_program(std::string_view text, app::program const& program)
{
    auto const& names = program.variables();
    std::set<std::string> const unique{names.begin(), names.end()};
    promise(unique.size() == names.size(), "each variable is named once");
    promise(std::all_of(program.required().begin(), program.required().end(),
                        [&](auto const& name) { return unique.contains(name); }),
            "what is required is a variable");
    promise(program.missing({}).size() == program.required().size(),
            "without values all that is required is missing");
    promise(rendered(program, values()) == rendered(program, values()), "two renderings are equal");
    rendered(program, {});
    if (text.find("{{") == text.npos && text.find("{%") == text.npos && text.find("{#") == text.npos &&
        text.find('\r') == text.npos) {
        promise(rendered(program, values()).text == text, "text without tags is printed as it is");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const parsed = app::program::parse(text);
    if (auto const* const problem = std::get_if<app::template_problem>(&parsed)) {
        look_at_problem(text, *problem);
    }
    else {
        look_at_program(text, std::get<app::program>(parsed));
    }
    return 0;
}
