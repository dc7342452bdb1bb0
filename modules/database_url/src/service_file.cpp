#include "service_file.hpp"

#include <algorithm>
#include <string_view>

#include "account.hpp"
#include "ascii.hpp"
#include "libpq_parser.hpp"

namespace schemagate::url {

namespace {

constexpr auto file_size_max = std::size_t{1} << 20U;
constexpr auto line_size_max = std::size_t{1022}; // with its newline: libpq's buffer less two

std::string_view trimmed(std::string_view line)
{
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    while (!line.empty() && is_blank(line.front()))
        line.remove_prefix(1);
    return line;
}

// libpq does not look for the first "]": the name itself may hold one.
bool heads_section(std::string_view line, std::string_view service)
{
    line.remove_prefix(1);
    return line.starts_with(service) && line.substr(service.size()).starts_with(']');
}

service_reading section(std::string_view content, std::string_view service)
{
    auto result = service_reading{};
    while (!content.empty()) {
        auto const end = content.find('\n');
        auto const whole = content.substr(0, end == content.npos ? end : end + 1);
        content.remove_prefix(whole.size());
        if (whole.size() > line_size_max)
            return {service_status::refused, {}};
        auto const line = trimmed(whole);
        if (line.empty() || line.front() == '#')
            continue;
        if (line.front() == '[') {
            if (result.status == service_status::found)
                return result; // libpq reads one section of that name, the first
            if (heads_section(line, service))
                result.status = service_status::found;
            continue;
        }
        if (result.status != service_status::found)
            continue;
        if (line.starts_with("ldap"))
            return {}; // only the directory's server knows
        auto const keyword = line.substr(0, line.find('='));
        if (keyword.size() == line.size() || keyword == "service" || !find_keyword(keyword))
            return {service_status::refused, {}};
        auto const known = std::any_of(result.settings.begin(), result.settings.end(),
                                       [&](auto const& parameter) { return parameter.keyword == keyword; });
        if (!known) // the first of two lines counts
            result.settings.push_back(
                {std::string{keyword}, secret{std::string{line.substr(keyword.size() + 1)}}});
    }
    return result;
}

service_reading read_file(place const& where, std::string const& file, std::string const& service)
{
    auto content = where.content_of(file, file_size_max);
    if (!content)
        return {where.kind_of(file) == file_kind::folder ? service_status::unknown : service_status::refused,
                {}};
    auto const held = secret{std::move(*content)}; // it may hold passwords
    return section(held.reveal(), service);
}

} // namespace

service_reading read_service(place const& where, std::string const& service)
{
    auto result = service_reading{};
    if (auto const named = where.variable("PGSERVICEFILE")) {
        result = read_file(where, *named, service);
    }
    else {
        auto home = where.variable("HOME").value_or("");
        if (home.empty())
            home = account_folder();
        auto const file = home + "/.pg_service.conf";
        if (!home.empty() && where.kind_of(file) != file_kind::absent)
            result = read_file(where, file, service);
    }
    if (result.status != service_status::unknown)
        return result;
    auto const folder = where.variable("PGSYSCONFDIR");
    auto const file = folder.value_or("") + "/pg_service.conf";
    return folder && where.kind_of(file) != file_kind::absent ? read_file(where, file, service) : result;
}

} // namespace schemagate::url
