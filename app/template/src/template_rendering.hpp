// A parsed template and values → text.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "syntax_tree.hpp"
#include "template/render_budget.hpp"

namespace app::jinja {

/// Appends. Throws render_error.
void render(compiled const& program, boost::json::object const& values, render_budget& budget,
            std::string& out);

} // namespace app::jinja
