#include "logfmt.hpp"

#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

void append_escaped(std::string& out, std::string_view bytes)
{
    constexpr char hex[] = "0123456789abcdef";
    for (char const c : bytes) {
        switch (c) {
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
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
        auto const length = visible_length(value.substr(i));
        auto const sequence = value.substr(i, length == 0 ? 1 : length);
        if (length == 0) {
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
