#include "schemagate/script_name.hpp"

#include <algorithm>

namespace schemagate {
namespace {

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_description(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
               c == '.';
    });
}

bool take_suffix(std::string_view& text, std::string_view suffix) noexcept
{
    if (!text.ends_with(suffix)) {
        return false;
    }
    text.remove_suffix(suffix.size());
    return true;
}

} // namespace

std::optional<script_name> read_script_name(std::string_view file)
{
    script_name result;
    if (!take_suffix(file, ".sql")) {
        return std::nullopt;
    }
    if (file.starts_with("R_")) {
        result.role = script_role::repeatable;
        file.remove_prefix(2);
        if (file.ends_with(".down")) { // it would be run at boot, and was surely not meant to
            return std::nullopt;
        }
    }
    else {
        if (take_suffix(file, ".down")) {
            result.role = script_role::down;
        }
        auto const digits = std::find_if_not(file.begin(), file.end(), is_digit);
        auto const length = static_cast<std::size_t>(digits - file.begin());
        if (length == 0 || length == file.size() || file[length] != '_') {
            return std::nullopt;
        }
        result.version.emplace(file.substr(0, length));
        file.remove_prefix(length + 1);
    }
    if (!is_description(file)) {
        return std::nullopt;
    }
    result.description = file;
    return result;
}

} // namespace schemagate
