#include "clusters.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace app {

std::vector<match> clusters(std::vector<match> found)
{
    std::sort(found.begin(), found.end(), [](match const& a, match const& b) {
        return std::tie(a.begin, a.end, a.entity) < std::tie(b.begin, b.end, b.entity);
    });
    auto result = std::vector<match>{};
    auto longest = std::size_t{0};
    for (auto& one : found) {
        auto const length = one.end - one.begin;
        if (result.empty() || one.begin >= result.back().end) {
            longest = length;
            result.push_back(std::move(one));
            continue;
        }
        result.back().end = std::max(result.back().end, one.end);
        if (length > longest) {
            longest = length;
            result.back().entity = std::move(one.entity);
        }
    }
    return result;
}

std::string placeholder(std::string_view entity)
{
    return std::string{"["}.append(entity).append("]");
}

} // namespace app
