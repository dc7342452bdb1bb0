#include "service_file.hpp"

#include <algorithm>
#include <string_view>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

constexpr auto file_size_max = std::size_t{1} << 20U;

std::string_view trimmed(std::string_view line)
{
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    while (!line.empty() && is_blank(line.front()))
        line.remove_prefix(1);
    return line;
}

std::optional<std::vector<connection_parameter>> section(std::string_view content, std::string_view service)
{
    auto result = std::optional<std::vector<connection_parameter>>{};
    while (!content.empty()) {
        auto const end = content.find('\n');
        auto const line = trimmed(content.substr(0, end));
        content.remove_prefix(end == content.npos ? content.size() : end + 1);
        if (line.empty() || line.front() == '#')
            continue;
        if (line.front() == '[') {
            if (result)
                return result; // libpq reads one section of that name, the first
            if (line.substr(1, line.find(']') - 1) == service && contains(line, ']'))
                result.emplace();
            continue;
        }
        auto const equals = line.find('=');
        if (!result || equals == line.npos)
            continue;
        auto keyword = std::string{line.substr(0, equals)};
        auto const known = std::any_of(result->begin(), result->end(),
                                       [&](auto const& parameter) { return parameter.keyword == keyword; });
        if (!known) // the first of two lines counts
            result->push_back({std::move(keyword), secret{std::string{line.substr(equals + 1)}}});
    }
    return result;
}

} // namespace

std::optional<std::vector<connection_parameter>> read_service(place const& where, std::string const& service)
{
    auto files = std::vector<std::string>{};
    if (auto const named = where.variable("PGSERVICEFILE"))
        files.push_back(*named);
    else if (auto const home = where.variable("HOME"); home && !home->empty())
        files.push_back(*home + "/.pg_service.conf");
    if (auto const folder = where.variable("PGSYSCONFDIR"))
        files.push_back(*folder + "/pg_service.conf");
    for (auto const& file : files)
        if (auto content = where.content_of(file, file_size_max)) {
            auto const held = secret{std::move(*content)}; // it may hold passwords
            if (auto result = section(held.reveal(), service))
                return result;
        }
    return std::nullopt;
}

} // namespace schemagate::url
