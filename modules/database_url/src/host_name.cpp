#include "host_name.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "numeric_address.hpp"

namespace schemagate::url {

namespace {

constexpr auto label_max = std::size_t{63};
constexpr auto name_max = std::size_t{253};

constexpr auto no_names =
    std::array<std::string_view, 13>{"none",      "null",        "nil",      "undefined", "nan",
                                     "http",      "https",       "hostname", "host_name", "[object object]",
                                     "postgres:", "postgresql:", "true"};

bool is_number(std::string_view label)
{
    return !label.empty() &&
           (all(label, is_digit) || (label.size() > 2 && lowered(label.substr(0, 2)) == "0x" &&
                                     all(label.substr(2), [](char c) { return hex_value(c) >= 0; })));
}

// A label in which Cyrillic or Greek letters (UTF-8 begins with CE to D4) stand beside Latin ones.
bool mixes_scripts(std::string_view host)
{
    for (auto rest = host;;) {
        auto const label = rest.substr(0, rest.find('.'));
        auto const other = std::any_of(label.begin(), label.end(), [](char c) {
            auto const byte = static_cast<unsigned char>(c);
            return byte >= 0xCE && byte <= 0xD4;
        });
        if (other && std::any_of(label.begin(), label.end(), is_letter))
            return true;
        if (label.size() == rest.size())
            return false;
        rest.remove_prefix(label.size() + 1);
    }
}

// U+FF01 to U+FF5E, Latin letters as wide as Chinese ones.
bool is_full_width(std::string_view host)
{
    return contains(host, "\xEF\xBC") || contains(host, "\xEF\xBD");
}

} // namespace

name_fault fault_of_name(std::string_view host)
{
    auto const folded = lowered(host);
    if (std::find(no_names.begin(), no_names.end(), folded) != no_names.end())
        return name_fault::no_name;
    if (contains_any(host, "*!$\"'\\|()^<>{}~`&#"))
        return name_fault::foreign_byte;
    if (mixes_scripts(host) || is_full_width(host))
        return name_fault::look_alike;
    if (host.find(':') != host.npos)
        return read_address(host) ? name_fault::none : name_fault::no_address;
    auto const ascii = all(host, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (host.starts_with('-'))
        return name_fault::hyphen_first;
    auto rest = host.ends_with('.') && host.size() > 1 ? host.substr(0, host.size() - 1) : host;
    auto labels = 0;
    auto numbers = 0;
    auto plain = 0; // as people write an address
    auto too_long = rest.size() > name_max;
    for (;;) {
        auto const label = rest.substr(0, rest.find('.'));
        if (label.empty())
            return name_fault::empty_label;
        too_long = too_long || label.size() > label_max;
        ++labels;
        numbers += is_number(label) ? 1 : 0;
        plain += all(label, is_digit) && (label.size() == 1 || label.front() != '0') ? 1 : 0;
        if (label.size() == rest.size())
            break;
        rest.remove_prefix(label.size() + 1);
    }
    if (too_long)
        return name_fault::too_long;
    if (numbers == labels) { // getaddrinfo(3) takes what inet_aton(3) takes
        if (!read_address(host))
            return name_fault::no_address;
        return plain == 4 ? name_fault::none : name_fault::short_address;
    }
    return ascii ? name_fault::none : name_fault::not_ascii;
}

} // namespace schemagate::url
