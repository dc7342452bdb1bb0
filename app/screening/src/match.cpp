#include "screening/match.hpp"

#include <algorithm>
#include <tuple>

#include "code_points.hpp"

namespace app {

std::vector<match> in_characters(std::string_view text, std::vector<match> found)
{
    auto offsets = std::vector<std::size_t*>{};
    offsets.reserve(2 * found.size());
    for (auto& one : found) {
        offsets.push_back(&one.begin);
        offsets.push_back(&one.end);
    }
    std::sort(offsets.begin(), offsets.end(), [](auto const* a, auto const* b) { return *a < *b; });
    auto byte = std::size_t{0};
    auto character = std::size_t{0};
    for (auto* offset : offsets) {
        while (byte < *offset && byte < text.size()) {
            next_character(text, byte);
            ++character;
        }
        *offset = character;
    }
    return found;
}

std::vector<match> merged_by_entity(std::vector<match> found)
{
    auto const entity_first = [](match const& a, match const& b) {
        return std::tie(a.entity, a.begin, a.end) < std::tie(b.entity, b.begin, b.end);
    };
    std::sort(found.begin(), found.end(), entity_first);
    auto merged = std::vector<match>{};
    for (auto& one : found) {
        if (!merged.empty() && merged.back().entity == one.entity && one.begin < merged.back().end) {
            merged.back().end = std::max(merged.back().end, one.end);
        }
        else {
            merged.push_back(std::move(one));
        }
    }
    std::sort(merged.begin(), merged.end(), [](match const& a, match const& b) {
        return std::tie(a.begin, a.end, a.entity) < std::tie(b.begin, b.end, b.entity);
    });
    return merged;
}

} // namespace app
