// Catch2 2.13 (Debian 12) or 3: the one place that knows the difference.
#pragma once

#ifdef SCHEMAGATE_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

namespace support {

/// CHECK_THAT(text, holds("part")).
#ifdef SCHEMAGATE_CATCH2_V3
inline auto holds(std::string const& part)
{
    return Catch::Matchers::ContainsSubstring(part);
}
#else
inline auto holds(std::string const& part)
{
    return Catch::Matchers::Contains(part);
}
#endif

} // namespace support
