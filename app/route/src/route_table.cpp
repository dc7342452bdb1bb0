#include "route/route_table.hpp"

namespace app {
namespace {

constexpr std::string_view parameter_mark = "{";

std::vector<std::string> segments_of(std::string_view pattern)
{
    std::vector<std::string> out;
    do {
        pattern.remove_prefix(1); // the slash
        auto const end = pattern.find('/');
        auto const segment = pattern.substr(0, end);
        out.emplace_back(segment.starts_with('{') ? parameter_mark : segment);
        pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end);
    } while (!pattern.empty());
    return out;
}

bool fits(std::vector<std::string> const& pattern, std::vector<std::string> const& segments)
{
    if (pattern.size() != segments.size()) {
        return false;
    }
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == parameter_mark ? segments[i].empty() : pattern[i] != segments[i]) {
            return false;
        }
    }
    return true;
}

} // namespace

route_table::route_table(std::vector<route> rows) : rows_{std::move(rows)}
{
    for (auto const& row : rows_) {
        patterns_.push_back(segments_of(row.pattern));
    }
}

route_match route_table::find(std::string_view method, std::vector<std::string> const& segments) const
{
    route_match out;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (!fits(patterns_[i], segments)) {
            continue;
        }
        if (rows_[i].method != method && !(method == "HEAD" && std::string_view{rows_[i].method} == "GET")) {
            out.allowed.emplace_back(rows_[i].method);
            continue;
        }
        out.found = &rows_[i];
        for (std::size_t k = 0; k < segments.size(); ++k) {
            if (patterns_[i][k] == parameter_mark) {
                out.path.push_back(segments[k]);
            }
        }
        return out;
    }
    return out;
}

} // namespace app
