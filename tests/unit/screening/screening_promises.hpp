// What holds for every text and every screen: the property tests and the fuzz target ask it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "screening/folded_text.hpp"
#include "screening/redaction.hpp"
#include "screening/screen.hpp"

namespace promises {

/// The offsets where characters begin, and the end of the text. A byte that is not UTF-8 counts as one.
inline std::vector<bool> borders_of(std::string_view text)
{
    auto borders = std::vector<bool>(text.size() + 1, true);
    auto const byte = [&](std::size_t at) {
        return static_cast<unsigned char>(at < text.size() ? text[at] : 0);
    };
    for (auto at = std::size_t{0}; at < text.size(); ++at) {
        auto const size = byte(at) >= 0xF0 ? 4 : byte(at) >= 0xE0 ? 3 : byte(at) >= 0xC2 ? 2 : 1;
        for (auto inner = 1; inner < size; ++inner) {
            auto const next = at + static_cast<std::size_t>(inner);
            if ((byte(next) & 0xC0) != 0x80) {
                break;
            }
            borders[next] = false;
        }
    }
    return borders;
}

/// Empty, or which promise about the folding does not hold.
inline std::string broken_by_folding(std::string_view text, app::folding how)
{
    auto const folded = app::folded_text{text, how};
    auto const size = folded.text().size();
    auto last = app::text_range{};
    for (auto at = std::size_t{0}; at < size; ++at) {
        auto const from = folded.original({at, at + 1});
        if (from.begin > from.end || from.end > text.size()) {
            return "a piece of the folded text is made of bytes that there are";
        }
        if (from.begin < last.begin || from.end < last.end) {
            return "the way back never decreases";
        }
        if (auto const there = folded.folded(from); there.begin > at || there.end < at + 1) {
            return "the way there finds what the way back came from";
        }
        last = from;
    }
    if (folded.unchanged() != (folded.text() == text)) {
        return "an unchanged text is known to be one";
    }
    return {};
}

/// Empty, or which promise about finding does not hold.
inline std::string broken_by_finding(app::screen const& screen, std::string_view text)
{
    auto const found = screen.find(text);
    auto const borders = borders_of(text);
    for (auto const& one : found) {
        if (one.begin >= one.end || one.end > text.size()) {
            return "a match is a piece of the text";
        }
        if (!borders[one.begin] || !borders[one.end]) {
            return "a match begins and ends between characters";
        }
    }
    for (auto at = std::size_t{1}; at < found.size(); ++at) {
        if (found[at].begin < found[at - 1].begin) {
            return "matches are sorted";
        }
    }
    if (app::merged_by_entity(found) != found) {
        return "matches of one entity do not overlap";
    }
    if (!screen.effective() && !found.empty()) {
        return "what is not effective finds nothing";
    }
    return {};
}

/// Empty, or what is found in a text from which all that was found had been taken out.
inline std::string left_by_redaction(app::screen const& screen, std::string_view text)
{
    auto const redacted = app::redact(text, screen.find(text));
    auto const left = screen.find(redacted);
    return left.empty() ? std::string{} : "left in the redacted text: " + redacted;
}

} // namespace promises
