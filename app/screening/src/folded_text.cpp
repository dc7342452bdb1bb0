#include "screening/folded_text.hpp"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "code_points.hpp"
#include "look_alikes.hpp"
#include "screening/screening_error.hpp"

namespace app {

namespace {

// NFKC sorts the marks of one letter, which takes the square of their number. Beyond this many (UAX #15,
// Stream-Safe Text Format, has 30) the rest counts as a letter of its own.
constexpr auto segment_size_max = std::size_t{32};

icu::Normalizer2 const& nfkc()
{
    auto status = U_ZERO_ERROR;
    auto const* const instance = icu::Normalizer2::getNFKCInstance(status);
    if (U_FAILURE(status)) {
        throw screening_failed{std::string{"ICU has no NFKC: "} + u_errorName(status)};
    }
    return *instance;
}

bool is_white_space(UChar32 character)
{
    return u_isUWhiteSpace(character) != 0 || (character >= 0x1C && character <= 0x1F);
}

/// A control has no width, but for those that are white space.
bool is_invisible(UChar32 character)
{
    return (u_iscntrl(character) != 0 && !is_white_space(character)) ||
           u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

bool is_mark(UChar32 character)
{
    auto const category = u_charType(character);
    return category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK;
}

bool is_graphic(char byte)
{
    return byte > ' ' && byte < 0x7F;
}

bool is_ascii_letter_or_digit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

} // namespace

/// Takes the original apart into segments between boundaries of normalization, and puts the folded text
/// together.
class folded_text::builder
{
public:
    builder(folded_text& result, std::string_view original, folding how)
        : nfkc_{nfkc()}, original_{original}, how_{how}, text_{result.text_}, runs_{result.runs_}
    {
        text_.reserve(original.size());
    }

    void run_through()
    {
        for (auto at = std::size_t{0}; at < original_.size();) {
            at = take_plain(at);
            if (at == original_.size()) {
                break;
            }
            auto const begin = at;
            auto const character = next_character(original_, at);
            take(without_variant(character), {begin, at});
        }
        finish_segment();
    }

private:
    /// Most texts are mostly ASCII, which stays as it is: taken in one piece. What a mark may follow is left.
    std::size_t take_plain(std::size_t begin)
    {
        auto end = begin;
        auto after_space = text_.empty() || text_.back() == ' ' || segment_size_ != 0;
        while (end < original_.size() &&
               (is_graphic(original_[end]) || (original_[end] == ' ' && !after_space))) {
            after_space = original_[end] == ' ';
            ++end;
        }
        if (end < original_.size() && static_cast<unsigned char>(original_[end]) >= 0x80 && end > begin) {
            --end;
        }
        if (end > begin) {
            finish_segment();
            append(original_.substr(begin, end - begin), {begin, end}, true);
        }
        return end;
    }

    void take(UChar32 character, text_range from)
    {
        auto const is_ascii_graphic = character > ' ' && character < 0x7F;
        if (!is_ascii_graphic && is_invisible(character)) {
            return;
        }
        if (segment_size_ == segment_size_max || character < 0x80 ||
            nfkc_.hasBoundaryBefore(character) != 0) {
            finish_segment();
        }
        if (segment_size_ == 0) {
            segment_range_.begin = from.begin;
        }
        segment_[segment_size_++] = character;
        segment_range_.end = from.end;
    }

    void finish_segment()
    {
        if (segment_size_ == 1 && stays(segment_[0])) {
            put(segment_[0], segment_range_);
        }
        else if (segment_size_ != 0) {
            auto const before = icu::UnicodeString::fromUTF32(segment_, static_cast<int32_t>(segment_size_));
            auto status = U_ZERO_ERROR;
            auto const after = nfkc_.normalize(before, status);
            if (U_FAILURE(status)) {
                throw screening_failed{std::string{"ICU cannot fold the text: "} + u_errorName(status)};
            }
            for (int32_t at = 0; at < after.length(); at = after.moveIndex32(at, 1)) {
                put(after.char32At(at), segment_range_);
            }
        }
        segment_size_ = 0;
    }

    /// True if NFKC changes nothing of the character when it is alone, and for the one that is a sentence:
    /// U+FDFA would make a text eleven times as long.
    [[nodiscard]] bool stays(UChar32 character) const
    {
        if (character < 0x80 || character == 0xFDFA) {
            return true;
        }
        auto parts = icu::UnicodeString{};
        return nfkc_.getDecomposition(character, parts) == 0;
    }

    /// One character of the folded text, but for look-alikes and for what a second look drops.
    void put(UChar32 character, text_range from)
    {
        if (character > ' ' && character < 0x7F) {
            append(character, from);
        }
        else if (is_white_space(character) && how_.white_space) {
            if (!text_.empty() && text_.back() == ' ') {
                widen_last(from.end);
            }
            else {
                append(' ', from);
            }
        }
        else if (is_mark(character) && !text_.empty() && is_ascii_letter_or_digit(text_.back())) {
            widen_last(from.end);
        }
        else if (!is_invisible(character)) {
            append(how_.look_alikes ? without_look_alike(without_variant(character))
                                    : without_variant(character),
                   from);
        }
    }

    void append(UChar32 character, text_range from)
    {
        char bytes[U8_MAX_LENGTH] = {};
        auto size = std::size_t{0};
        U8_APPEND_UNSAFE(bytes, size, character);
        auto const piece = std::string_view{bytes, size};
        append(piece, from, original_.substr(from.begin, from.end - from.begin) == piece);
    }

    void append(std::string_view piece, text_range from, bool identical)
    {
        auto const continues =
            !runs_.empty() && runs_.back().identical == identical &&
            (identical ? runs_.back().original_end == from.begin : runs_.back().original == from.begin);
        if (!continues) {
            runs_.push_back({text_.size(), from.begin, from.end, identical});
        }
        runs_.back().original_end = from.end;
        text_.append(piece);
    }

    /// What follows has no character of its own: it belongs to the last byte, which is ASCII.
    void widen_last(std::size_t end)
    {
        auto const last = runs_.back();
        if (last.identical) {
            if (last.original_end - last.original == 1) {
                runs_.pop_back();
            }
            else {
                --runs_.back().original_end;
            }
            runs_.push_back({text_.size() - 1, last.original_end - 1, end, false});
        }
        runs_.back().original_end = end;
    }

    icu::Normalizer2 const& nfkc_;
    std::string_view original_;
    folding how_;
    std::string& text_;
    std::vector<run>& runs_;
    UChar32 segment_[segment_size_max] = {};
    std::size_t segment_size_ = 0;
    text_range segment_range_;
};

folded_text::folded_text(std::string_view original, folding how)
{
    builder{*this, original, how}.run_through();
    unchanged_ = text_ == original;
}

folded_text::run const& folded_text::run_at(std::size_t offset) const
{
    auto const after =
        std::upper_bound(runs_.begin(), runs_.end(), offset,
                         [](std::size_t wanted, run const& one) { return wanted < one.folded; });
    return *std::prev(after);
}

text_range folded_text::original(text_range folded) const
{
    if (runs_.empty()) {
        return {};
    }
    auto const begin_of = [this](std::size_t offset) {
        auto const& one = run_at(offset);
        return one.identical ? one.original + (offset - one.folded) : one.original;
    };
    if (folded.begin >= text_.size()) {
        return {runs_.back().original_end, runs_.back().original_end};
    }
    auto const begin = begin_of(folded.begin);
    if (folded.end <= folded.begin) {
        return {begin, begin};
    }
    auto const& last = run_at(folded.end - 1);
    return {begin, last.identical ? last.original + (folded.end - last.folded) : last.original_end};
}

text_range folded_text::folded(text_range original) const
{
    auto const first = std::partition_point(
        runs_.begin(), runs_.end(), [&](run const& one) { return one.original_end <= original.begin; });
    auto const after =
        std::partition_point(first, runs_.end(), [&](run const& one) { return one.original < original.end; });
    if (first == after) {
        auto const here = first == runs_.end() ? text_.size() : first->folded;
        return {here, here};
    }
    auto const& last = *std::prev(after);
    auto const last_end = after == runs_.end() ? text_.size() : after->folded;
    auto const begin = first->identical && original.begin > first->original
                           ? first->folded + (original.begin - first->original)
                           : first->folded;
    auto const end = last.identical && original.end < last.original_end
                         ? last.folded + (original.end - last.original)
                         : last_end;
    return {begin, end};
}

bool folded_text::literal(std::size_t offset) const
{
    return run_at(offset).identical;
}

} // namespace app
