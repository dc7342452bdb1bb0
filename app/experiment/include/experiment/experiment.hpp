// A running A/B test of one prompt.
#pragma once

#include <string>
#include <vector>

namespace app {

struct variant
{
    std::string name; ///< "control", "variant_a", …: the execution's ab_test_group
    int version = 0;
    int weight = 0; ///< percent; 0 gets nobody
};

struct experiment
{
    std::string id;
    std::string name;
    std::string prompt;
    std::vector<variant> variants; ///< weights sum to 100
};

} // namespace app
