#include "pattern.hpp"

#include <algorithm>

#include "code_points.hpp"
#include "screening/screening_error.hpp"

namespace app {

namespace {

// RE2's own limit of one expression: its two automata never take more.
constexpr auto memory_max = std::int64_t{4} << 20;

constexpr auto look_ahead_min = std::size_t{256};
constexpr auto refused_size_max = std::size_t{64};

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

std::size_t after_character(std::string_view text, std::size_t offset)
{
    do {
        ++offset;
    } while (is_inside_character(text, offset));
    return offset;
}

/// How far a search may read. It begins with the whole text, and with every match less is left.
class look_ahead
{
public:
    explicit look_ahead(std::size_t text_size) : budget_{std::max(shares * text_size, budget_min)} {}

    [[nodiscard]] std::size_t size() const { return std::max(budget_ / shares, look_ahead_min); }
    void spend(std::size_t bytes) { budget_ -= std::min(budget_, bytes); }

private:
    static constexpr std::size_t shares = 64;
    static constexpr std::size_t budget_min = std::size_t{16} << 20;
    std::size_t budget_;
};

} // namespace

pattern::pattern(std::string const& path, std::string_view regex, bool case_sensitive)
{
    if (regex.empty()) {
        throw pattern_invalid{
            path, "The pattern is empty, so it would find everything; write one, or leave it out."};
    }
    if (regex.size() > size_max) {
        throw pattern_invalid{path, "The pattern is longer than " + std::to_string(size_max) +
                                        " bytes; split it into several patterns."};
    }
    auto options = RE2::Options{};
    options.set_log_errors(false);
    options.set_case_sensitive(case_sensitive);
    options.set_max_mem(memory_max);
    expression_ = std::make_unique<RE2 const>(piece(regex), options);
    if (!expression_->ok()) {
        throw pattern_invalid{
            path,
            "RE2 does not take this regular expression: " + expression_->error() +
                ". Look-around and backreferences do not exist in it, because matching is to take "
                "linear time; its syntax: https://github.com/google/re2/wiki/Syntax",
            expression_->error()};
    }
    if (expression_->ProgramSize() > program_size_max) {
        throw pattern_invalid{
            path, "The pattern is too large when compiled (" + std::to_string(expression_->ProgramSize()) +
                      " instructions of " + std::to_string(program_size_max) +
                      "); use smaller repetitions and character classes, or several patterns."};
    }
    if (fits("")) {
        throw pattern_invalid{
            path, "The pattern fits the empty text, so it would find everything; let it ask for at "
                  "least one character."};
    }
}

bool pattern::fits(std::string_view text) const
{
    return expression_->Match(piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
}

void pattern::each_match(std::string_view text, std::function<bool(text_range)> const& take) const
{
    auto ahead = look_ahead{text.size()};
    auto const all = piece(text);
    for (auto at = std::size_t{0}; at < text.size();) {
        auto const window_end = ahead.size() < text.size() - at ? at + ahead.size() : text.size();
        auto found = re2::StringPiece{};
        if (!expression_->Match(all, at, window_end, RE2::UNANCHORED, &found, 1)) {
            if (window_end == text.size()) {
                return;
            }
            at += (window_end - at) / 2; // what begins here may end beyond the window
            continue;
        }
        ahead.spend(window_end - at);
        auto range = text_range{static_cast<std::size_t>(found.data() - all.data()), 0};
        range.end = range.begin + found.size();
        while (range.begin > at && is_inside_character(text, range.begin)) { // \C fits single bytes
            --range.begin;
        }
        if (range.end == range.begin) {
            at = after_character(text, range.begin);
            continue;
        }
        while (is_inside_character(text, range.end)) {
            ++range.end;
        }
        auto const goes_on_inside = !take(range) && range.end - range.begin <= refused_size_max;
        at = goes_on_inside ? after_character(text, range.begin) : range.end;
    }
}

} // namespace app
