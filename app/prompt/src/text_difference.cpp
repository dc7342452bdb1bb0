#include "prompt/text_difference.hpp"

#include <sstream>
#include <vector>

// dtl is older than our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <dtl/dtl.hpp>
#pragma GCC diagnostic pop

namespace app {
namespace {

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        auto const end = text.find('\n');
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            out.back() += "\n\\ No newline at end of file";
            break;
        }
        text.remove_prefix(end + 1);
    }
    return out;
}

} // namespace

std::string unified_difference(std::string_view from_name, std::string_view from, std::string_view to_name,
                               std::string_view to)
{
    if (from == to) {
        return {};
    }
    dtl::Diff<std::string> difference{lines_of(from), lines_of(to)};
    difference.onHuge();
    difference.compose();
    difference.composeUnifiedHunks();
    std::ostringstream out;
    out << "--- " << from_name << '\n' << "+++ " << to_name << '\n';
    difference.printUnifiedFormat(out);
    return out.str();
}

} // namespace app
