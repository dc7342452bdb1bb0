// The page for operators, app/deploy/DATABASE_URL.md, as rows: it is this suite's table of examples.
#pragma once

#include <string>
#include <vector>

#include "fake_place.hpp"

struct code_example
{
    std::string code;
    std::string severity; ///< "error", "warning" or "note", as `url check` weighs it
    std::vector<std::pair<std::string, std::string>> variables;
    std::string text;
    std::string fix; ///< what the page says
};

/// Every row of its tables. A text is written as in the page: \n, \r, \t, \xHH are bytes.
[[nodiscard]] std::vector<code_example> code_examples();

/// The machine that the page describes for its examples.
[[nodiscard]] fake_place machine_of_examples();
