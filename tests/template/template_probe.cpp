// Renders what tests/template/beside_jinja2.py asks for: a line of JSON in, {"template", "values"}, a line
// out. In values, {"$real": "0.1"} is that number: Boost.JSON 1.81 reads some reals one unit off.
#include <cstdlib>
#include <iostream>
#include <string>

#include <boost/json.hpp>

#include "template/program.hpp"

namespace json = boost::json;

namespace {

json::value with_reals(json::value const& v)
{
    if (auto const* const array = v.if_array()) {
        json::array made;
        for (auto const& element : *array) {
            made.push_back(with_reals(element));
        }
        return made;
    }
    auto const* const object = v.if_object();
    if (object == nullptr) {
        return v;
    }
    if (auto const* const real = object->if_contains("$real")) {
        return std::strtod(real->as_string().c_str(), nullptr);
    }
    json::object made;
    for (auto const& [key, member] : *object) {
        made.emplace(key, with_reals(member));
    }
    return made;
}

json::array names(std::vector<std::string> const& all)
{
    json::array made;
    for (auto const& name : all) {
        made.emplace_back(name);
    }
    return made;
}

json::object answer(json::object const& question)
{
    auto const parsed = app::program::parse(question.at("template").as_string());
    if (auto const* const problem = std::get_if<app::template_problem>(&parsed)) {
        return {{"problem", problem->code},
                {"line", problem->line},
                {"column", problem->column},
                {"message", problem->message}};
    }
    auto const& program = std::get<app::program>(parsed);
    json::object made{{"variables", names(program.variables())}, {"required", names(program.required())}};
    auto const values = with_reals(question.at("values")).as_object();
    std::string text;
    app::render_budget budget;
    try {
        program.render(values, budget, text);
        made["text"] = text;
    }
    catch (app::render_error const& error) {
        made["error"] = error.code();
        made["message"] = error.what();
    }
    return made;
}

} // namespace

int main()
{
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        json::parse_options options;
        options.max_depth = 200;
        std::cout << answer(json::parse(line, {}, options).as_object()) << '\n';
    }
    return 0;
}
