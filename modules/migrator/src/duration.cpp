#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

#include "schemagate/settings.hpp"

namespace schemagate {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    static constexpr std::pair<std::string_view, std::uint64_t> units[] = {
        {"", 1'000}, {"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}};

    // Unsigned, so that from_chars takes neither sign: a wait below zero has no meaning.
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    auto const written_unit = text.substr(static_cast<std::size_t>(end - text.data()));
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    for (auto const& [unit, in_ms] : units) {
        if (unit == written_unit) {
            if (number > most / in_ms) {
                return std::nullopt;
            }
            return std::chrono::milliseconds{static_cast<std::int64_t>(number * in_ms)};
        }
    }
    return std::nullopt;
}

} // namespace schemagate
