// Catch2 2.13 (Debian 12) or 3 (Debian 13): the one place that knows the difference.
#pragma once

#ifdef SCHEMAGATE_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

#ifdef SCHEMAGATE_CATCH2_V3
#include <concepts>

namespace Catch::Matchers {

/// Contains("part") of a text, as in 2.13. In 3 the name is for elements of a range.
auto Contains(std::convertible_to<std::string> auto&& part)
{
    return ContainsSubstring(part);
}

} // namespace Catch::Matchers
#endif

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
