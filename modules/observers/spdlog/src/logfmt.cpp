#include "logfmt.hpp"

namespace schemagate {
namespace {

// Length of the UTF-8 sequence that `text` begins with; 0 if it begins with none.
std::size_t sequence_length(std::string_view text)
{
    auto const lead = static_cast<unsigned char>(text[0]);
    std::size_t const length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

bool ends_lines_or_steers_terminals(std::string_view sequence)
{
    auto const lead = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1) {
        return lead < 0x20 || lead == 0x7F;
    }
    return (lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0) || sequence == "\xE2\x80\xA8" ||
           sequence == "\xE2\x80\xA9";
}

void append_escaped(std::string& out, std::string_view bytes)
{
    constexpr char hex[] = "0123456789abcdef";
    for (char const c : bytes) {
        switch (c) {
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            auto const byte = static_cast<unsigned char>(c);
            out.append({'\\', 'x', hex[byte >> 4], hex[byte & 15]});
        }
    }
}

} // namespace

void append_field(std::string& line, std::string_view name, std::string_view value)
{
    std::string text;
    bool quoted = value.empty();
    for (std::size_t i = 0; i < value.size();) {
        auto const length = sequence_length(value.substr(i));
        auto const sequence = value.substr(i, length == 0 ? 1 : length);
        if (length == 0 || ends_lines_or_steers_terminals(sequence)) {
            append_escaped(text, sequence);
            quoted = true;
        }
        else {
            if (sequence == "\"" || sequence == "\\") {
                text += '\\';
            }
            text += sequence;
            quoted = quoted || sequence == " " || sequence == "=" || sequence == "\"" || sequence == "\\";
        }
        i += sequence.size();
    }
    line += ' ';
    line += name;
    line += '=';
    line += quoted ? '"' + text + '"' : text;
}

} // namespace schemagate
