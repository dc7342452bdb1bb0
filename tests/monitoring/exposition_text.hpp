// What a real /metrics says, line by line.
#pragma once

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

namespace monitoring {

/// The names of the metrics that a text speaks of: every word that begins with one of our two prefixes.
[[nodiscard]] inline std::set<std::string> metric_names(std::string const& text)
{
    std::string const letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    std::set<std::string> names;
    for (std::string const prefix : {"schemagate_", "prompt_service_"}) {
        for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 1)) {
            bool const inside = at > 0 && (letters.find(text[at - 1]) != std::string::npos);
            auto const end = std::min(text.find_first_not_of(letters, at), text.size());
            if (!inside) {
                names.insert(text.substr(at, end - at));
            }
        }
    }
    return names;
}

/// The lines that are samples, each with an end of line.
[[nodiscard]] inline std::string samples(std::string const& exposition)
{
    std::string found;
    std::istringstream lines{exposition};
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.front() != '#') {
            found += line + "\n";
        }
    }
    return found;
}

} // namespace monitoring
