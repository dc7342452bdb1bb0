// How much a byte too many weighs: of these parts it makes another value, so it refuses there. Of a password
// or a parameter it may be meant, and of a number libpq leaves white space out.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "schemagate/finding.hpp"

namespace schemagate::url {

[[nodiscard]] inline bool exact(std::string_view keyword)
{
    constexpr auto keywords = std::array<std::string_view, 9>{
        "host",       "hostaddr", "user", "dbname", "sslmode", "target_session_attrs", "channel_binding",
        "gssencmode", "service"};
    return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

[[nodiscard]] inline severity weight_of(std::string_view keyword)
{
    return exact(keyword) ? severity::refuse : severity::warn;
}

} // namespace schemagate::url
