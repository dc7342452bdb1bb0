// What is known of an expression while one variable is absent and nothing is known of the others.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "render_meter.hpp"
#include "syntax_tree.hpp"

namespace app::jinja {

struct outcome
{
    std::optional<value> known{}; ///< what it is, where that is certain
    std::optional<bool> truth{};  ///< whether an `if` takes it, where that is certain
    bool shows = false;           ///< printed or looped over, it may show that the variable is absent
};

class absence
{
public:
    /// `cost` bounds the comparisons of literals: beyond it nothing is certain.
    absence(std::uint32_t variable, meter& cost) : variable_{variable}, cost_{cost} {}

    outcome of(expression const& e);

private:
    outcome base(expression const& e);
    outcome list(expression const& e);
    outcome filtered(expression const& e);
    outcome standard(expression const& e);
    outcome compared(expression const& e);
    std::optional<bool> pair(comparison operation, outcome const& left, outcome const& right);
    outcome logic(expression const& e, bool decides);

    std::uint32_t variable_;
    meter& cost_;
    value_arena arena_;
};

} // namespace app::jinja
