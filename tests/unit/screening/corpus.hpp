// Texts in which what is to be found is marked: "call «415-555-0132» now". A text without marks holds
// nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "screening/screen.hpp"

namespace corpus {

struct sample
{
    std::string text;
    std::vector<app::text_range> marked;
};

inline sample read(std::string_view written)
{
    constexpr std::string_view open = "«";
    constexpr std::string_view close = "»";
    auto result = sample{};
    for (auto at = std::size_t{0}; at < written.size();) {
        if (written.substr(at).starts_with(open)) {
            result.marked.push_back({result.text.size(), 0});
            at += open.size();
        }
        else if (written.substr(at).starts_with(close)) {
            result.marked.back().end = result.text.size();
            at += close.size();
        }
        else {
            result.text += written[at++];
        }
    }
    return result;
}

/// How often a screen was wrong about one entity.
struct score
{
    std::size_t with = 0;       ///< texts that hold some
    std::size_t without = 0;    ///< texts that hold none
    std::size_t misses = 0;     ///< marked, and not found with just these borders
    std::size_t false_hits = 0; ///< found, and not marked
    std::string report{};       ///< both, a line each
};

inline score count(app::screen const& screen, std::string const& entity,
                   std::vector<std::string> const& texts)
{
    auto result = score{};
    for (auto const& written : texts) {
        auto const [text, marked] = read(written);
        ++(marked.empty() ? result.without : result.with);
        auto found = std::vector<app::text_range>{};
        for (auto const& one : screen.find(text)) {
            if (one.entity == entity) {
                found.push_back({one.begin, one.end});
            }
        }
        for (auto const& one : marked) {
            if (std::find(found.begin(), found.end(), one) == found.end()) {
                ++result.misses;
                result.report += "\nmissed in: " + written;
            }
        }
        for (auto const& one : found) {
            if (std::find(marked.begin(), marked.end(), one) == marked.end()) {
                ++result.false_hits;
                result.report +=
                    "\nfalse hit \"" + text.substr(one.begin, one.end - one.begin) + "\" in: " + written;
            }
        }
    }
    return result;
}

/// Prints both counts, and lets neither be anything but 0.
inline void check(std::string const& name, app::screen const& screen, std::string const& entity,
                  std::vector<std::string> const& texts, std::size_t with_min, std::size_t without_min)
{
    auto const result = count(screen, entity, texts);
    std::cout << name << ": " << result.with << " texts with, " << result.misses << " misses; "
              << result.without << " without, " << result.false_hits << " false hits\n";
    INFO(result.report);
    CHECK(result.misses == 0);
    CHECK(result.false_hits == 0);
    CHECK(result.with >= with_min);
    CHECK(result.without >= without_min);
}

// The texts of each entity, in the files of these names.
std::vector<std::string> const& ssn();
std::vector<std::string> const& credit_card();
std::vector<std::string> const& phone_number();
std::vector<std::string> const& email_address();
std::vector<std::string> const& prompt_injection();

} // namespace corpus
