#include "template/program.hpp"

#include <utility>

#include <boost/json/object.hpp>

#include "required_variables.hpp"
#include "statement_parser.hpp"
#include "syntax_tree.hpp"
#include "template_rendering.hpp"

namespace app {

program::program(std::shared_ptr<jinja::compiled const> compiled) noexcept : compiled_{std::move(compiled)} {}

std::variant<program, template_problem> program::parse(std::string_view utf8)
{
    if (utf8.size() > jinja::template_source::largest) {
        return template_problem{"template-too-large", 1, 1,
                                "a template has at most 262144 bytes; give long texts as variables"};
    }
    auto const made = std::make_shared<jinja::compiled>(jinja::template_source{utf8});
    try {
        made->source.check_encoding();
        jinja::parse_statements(*made);
    }
    catch (jinja::parse_failure const& failure) {
        return template_problem{std::string{failure.code}, made->source.line_of(failure.offset),
                                made->source.column_of(failure.offset), failure.message};
    }
    jinja::find_required(*made);
    return program{made};
}

std::vector<std::string> const& program::variables() const noexcept
{
    return compiled_->variables;
}

std::vector<std::string> const& program::required() const noexcept
{
    return compiled_->required;
}

std::vector<std::string> program::missing(boost::json::object const& values) const
{
    std::vector<std::string> names;
    for (auto const& name : compiled_->required) {
        if (!values.contains(name)) {
            names.push_back(name);
        }
    }
    return names;
}

void program::render(boost::json::object const& values, render_budget& budget, std::string& out) const
{
    jinja::render(*compiled_, values, budget, out);
}

} // namespace app
