// Templates and values as texts, for tables.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "catch.hpp"
#include "template/program.hpp"

namespace templates {

struct row
{
    std::string_view text;
    std::string_view values; ///< JSON
    std::string_view expected;
};

inline app::program parsed(std::string_view text)
{
    auto made = app::program::parse(text);
    if (auto const* const problem = std::get_if<app::template_problem>(&made)) {
        FAIL(text << ": " << problem->line << ':' << problem->column << ' ' << problem->code << ' '
                  << problem->message);
    }
    return std::get<app::program>(made);
}

inline boost::json::object object(std::string_view json)
{
    return boost::json::parse(boost::json::string_view{json}).as_object();
}

inline std::string rendered(std::string_view text, std::string_view values = "{}")
{
    app::render_budget budget;
    std::string out;
    parsed(text).render(object(values), budget, out);
    return out;
}

/// "line:column code".
inline std::string problem_of(std::string_view text)
{
    auto const made = app::program::parse(text);
    auto const* const problem = std::get_if<app::template_problem>(&made);
    if (problem == nullptr) {
        return "none";
    }
    CHECK(problem->message.size() > 20);
    return std::to_string(problem->line) + ":" + std::to_string(problem->column) + " " + problem->code;
}

inline std::string message_of(std::string_view text)
{
    auto const made = app::program::parse(text);
    auto const* const problem = std::get_if<app::template_problem>(&made);
    return problem == nullptr ? "none" : problem->message;
}

/// "code: message".
inline std::string error_of(std::string_view text, std::string_view values = "{}",
                            app::render_budget budget = {})
{
    std::string out;
    try {
        parsed(text).render(object(values), budget, out);
    }
    catch (app::render_error const& error) {
        return std::string{error.code()} + ": " + error.what();
    }
    return "none";
}

template <std::size_t N>
void check_all(row const (&rows)[N])
{
    for (auto const& [text, values, expected] : rows) {
        INFO(text << " of " << values);
        CHECK(rendered(text, values) == expected);
    }
}

} // namespace templates
