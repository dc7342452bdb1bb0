#include "render/renderer.hpp"

#include <boost/json/array.hpp>

#include "http/problem.hpp"

namespace app {

std::vector<std::string> missing(compiled_prompt const& prompt, boost::json::object const& variables)
{
    std::vector<std::string> out;
    for (auto const& name : prompt.required) {
        if (!variables.contains(name)) {
            out.push_back(name);
        }
    }
    return out;
}

void require_variables(compiled_prompt const& prompt, boost::json::object const& variables)
{
    auto const names = missing(prompt, variables);
    if (names.empty()) {
        return;
    }
    boost::json::array list;
    std::string words;
    for (auto const& name : names) {
        list.emplace_back(name);
        words.append(words.empty() ? "" : ", ").append(name);
    }
    throw problem{
        422, "variables-missing", "Give these variables: " + words + ".", {{"missing", std::move(list)}}};
}

boost::json::value render(compiled_prompt const& prompt, boost::json::object const& variables)
{
    require_variables(prompt, variables);
    render_budget budget;
    boost::json::array messages;
    try {
        for (std::size_t i = 0; i < prompt.programs.size(); ++i) {
            std::string text;
            prompt.programs[i].render(variables, budget, text);
            if (prompt.roles.empty()) {
                return boost::json::value(std::move(text));
            }
            messages.push_back(boost::json::object{{"role", prompt.roles[i]}, {"content", std::move(text)}});
        }
    }
    catch (render_error const& e) {
        throw problem{422, std::string{e.code()}, e.what()};
    }
    return messages;
}

} // namespace app
