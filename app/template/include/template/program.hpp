// A template of the Jinja2 subset that prompts are written in: parsed once, rendered often.
//
// It behaves as Jinja2 3.1 with trim_blocks, lstrip_blocks and keep_trailing_newline, without autoescape,
// with newline_sequence "\n", ChainableUndefined, and the print forms of Python. In it are: output of paths
// and literals, the filters of filter_table.cpp, if/elif/else, for/else with `loop`, comments, raw blocks,
// white space control. All else is a problem of parse(). Where we differ from Jinja2, on purpose:
//   - an attribute is a key of the data, never a method of Python's
//   - an ordering (<, <=, >, >=) with something absent is false, and so is `absent in "text"`
//   - text filters (upper, lower, trim, replace) and separators take no list and no object
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/fwd.hpp>

#include "template/render_budget.hpp"
#include "template/render_error.hpp"
#include "template/template_problem.hpp"

namespace app {

namespace jinja {
struct compiled;
}

/// Immutable. A copy counts a reference. Any thread may use it.
class program
{
public:
    /// Takes at most 256 KiB of UTF-8. Never throws for what the text says; time is linear in its size.
    static std::variant<program, template_problem> parse(std::string_view utf8);

    /// Every top-level variable that the text uses, each once, in order of first use. Variables of loops are
    /// none.
    std::vector<std::string> const& variables() const noexcept;

    /// Those of variables() that some use can print, or loop over, while they are absent: without `default`
    /// and not below an `if` that is only true where they are present.
    std::vector<std::string> const& required() const noexcept;

    /// The required ones that `values` lacks, in order. null and "" are not missing.
    std::vector<std::string> missing(boost::json::object const& values) const;

    /// Appends the text to `out`; what is absent prints as nothing. Values are never read as template text.
    /// Throws render_error; what was printed before, within the budget, is in `out` then.
    void render(boost::json::object const& values, render_budget& budget, std::string& out) const;

private:
    explicit program(std::shared_ptr<jinja::compiled const> compiled) noexcept;

    std::shared_ptr<jinja::compiled const> compiled_;
};

} // namespace app
