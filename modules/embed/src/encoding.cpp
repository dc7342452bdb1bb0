#include "encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace schemagate {
namespace {

struct character
{
    char32_t value = 0;
    std::size_t length = 0; ///< 0: the bytes are not UTF-8
};

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF, as PostgreSQL checks it.
character read_character(std::string_view bytes) noexcept
{
    auto const lead = static_cast<unsigned char>(bytes.front());
    if (lead < 0x80) {
        return {lead, 1};
    }
    std::size_t const length = lead >= 0xC2 && lead < 0xE0   ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || bytes.size() < length) {
        return {};
    }
    auto value = static_cast<char32_t>(lead & (0x7FU >> length));
    for (auto const each : bytes.substr(1, length - 1)) {
        auto const byte = static_cast<unsigned char>(each);
        if ((byte & 0xC0U) != 0x80U) {
            return {};
        }
        value = value << 6U | (byte & 0x3FU);
    }
    auto const overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    auto const surrogate = value >= 0xD800 && value < 0xE000;
    return overlong || surrogate || value > 0x10FFFF ? character{} : character{value, length};
}

// The bytes at the beginning that need no look: ASCII, no NUL, no CR. Eight at a time, since scripts of data
// are long.
std::size_t harmless_run(std::string_view bytes) noexcept
{
    constexpr auto each = ~std::uint64_t{0} / 255; // a 1 in each byte
    constexpr auto high = each << 7U;
    auto const some_is = [](std::uint64_t word, std::uint64_t byte) { // exact for "none"
        auto const zero = word ^ (each * byte);
        return ((zero - each) & ~zero & high) != 0;
    };
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + sizeof word <= bytes.size(); at += sizeof word) {
        std::memcpy(&word, bytes.data() + at, sizeof word);
        if ((word & high) != 0 || some_is(word, 0) || some_is(word, '\r')) {
            break;
        }
    }
    return at;
}

// They make a reviewer see other SQL than the server runs ("Trojan Source").
bool reorders_text(char32_t c) noexcept
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// A checkout writes all line ends alike. Where they are mixed, a CR is somebody's data: part of a string or a
// function's body, which has to reach the server.
bool has_dos_line_ends(std::string_view bytes) noexcept
{
    for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r') {
            return false;
        }
    }
    return true;
}

template <typename... Values>
std::string formatted(char const* format, Values... values)
{
    std::array<char, 160> buffer{};
    auto const length = std::snprintf(buffer.data(), buffer.size(), format, values...);
    return length < 0 ? std::string{} : std::string{buffer.data()};
}

/// Reports each kind of fault once, at its first place: a binary file would fill the screen otherwise.
class fault_report
{
public:
    explicit fault_report(problem_sink const& report) noexcept : report_{report} {}

    void nul(std::size_t line)
    {
        once(nul_, line, "a NUL byte: the server would take the script as ending here. Remove it.");
    }
    void lone_cr(std::size_t line)
    {
        once(lone_cr_, line, "a carriage return without a newline. Save the file with LF line ends.");
    }
    void not_utf8(std::size_t line, char byte)
    {
        once(not_utf8_, line,
             formatted("the byte 0x%02X is not UTF-8. Save the file as UTF-8.",
                       static_cast<unsigned>(static_cast<unsigned char>(byte))));
    }
    void reordering(std::size_t line, char32_t c)
    {
        once(reordering_, line,
             formatted(
                 "the invisible character U+%04X, which makes the text look different from what the server "
                 "runs. Remove it, or write it as an escape (U&'\\%04X').",
                 static_cast<unsigned>(c), static_cast<unsigned>(c)));
    }

private:
    void once(bool& said, std::size_t line, std::string message)
    {
        if (!said) {
            said = true;
            report_(line, std::move(message));
        }
    }

    problem_sink const& report_;
    bool nul_ = false;
    bool lone_cr_ = false;
    bool not_utf8_ = false;
    bool reordering_ = false;
};

} // namespace

// In place, since the result is never longer: a script of 100 MB is in memory once.
std::string plain_text(std::string text, problem_sink const& report)
{
    std::string_view bytes{text};
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        report(1, "the file is UTF-16. Save it as UTF-8.");
        return {};
    }
    while (bytes.starts_with("\xEF\xBB\xBF")) { // one may have been put before another
        bytes.remove_prefix(3);
    }
    fault_report faults{report};
    auto const dos = has_dos_line_ends(bytes);
    std::size_t kept = 0;
    for (std::size_t line = 1; !bytes.empty();) {
        if (auto const run = harmless_run(bytes); run != 0) {
            line += static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + run, '\n'));
            std::memmove(text.data() + kept, bytes.data(), run);
            kept += run;
            bytes.remove_prefix(run);
            continue;
        }
        auto const c = read_character(bytes);
        auto const before_newline = c.value == U'\r' && bytes.substr(1).starts_with('\n');
        if (before_newline && dos) {
            bytes.remove_prefix(1);
            continue;
        }
        if (c.length == 0) {
            faults.not_utf8(line, bytes.front());
        }
        else if (c.value == U'\0') {
            faults.nul(line);
        }
        else if (c.value == U'\r' && !before_newline) {
            faults.lone_cr(line);
        }
        else if (reorders_text(c.value)) {
            faults.reordering(line, c.value);
        }
        line += c.value == U'\n' ? 1U : 0U;
        auto const length = std::max<std::size_t>(c.length, 1);
        std::copy_n(bytes.data(), length, text.data() + kept);
        kept += length;
        bytes.remove_prefix(length);
    }
    text.resize(kept);
    if (!text.empty() && text.back() != '\n') {
        text += '\n';
    }
    return text;
}

} // namespace schemagate
