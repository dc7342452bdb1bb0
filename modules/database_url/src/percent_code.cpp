#include "percent_code.hpp"

#include "ascii.hpp"

namespace schemagate::url {

namespace {

template <class Stays>
std::string encode(std::string_view bytes, Stays stays)
{
    constexpr auto digits = std::string_view{"0123456789ABCDEF"};
    auto result = std::string{};
    result.reserve(bytes.size() *
                   3); // one allocation: what may be a secret is not left behind in smaller ones
    for (auto const c : bytes) {
        if (stays(c)) {
            result += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4U];
        result += digits[byte & 15U];
    }
    return result;
}

} // namespace

std::string percent_encoded(std::string_view bytes)
{
    return encode(bytes, is_alnum);
}

std::string percent_encoded(std::string_view bytes, std::string_view besides)
{
    return encode(bytes, [&](char c) {
        return is_alnum(c) || contains(std::string_view{"-._~"}, c) || contains(besides, c);
    });
}

std::optional<std::size_t> bad_escape(std::string_view text)
{
    for (auto i = std::size_t{0}; i < text.size(); ++i) {
        if (text[i] != '%')
            continue;
        if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
            return i;
        if (text[i + 1] == '0' && text[i + 2] == '0')
            return i;
        i += 2;
    }
    return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    if (!contains(text, '%'))
        return std::string{text};
    if (bad_escape(text))
        return std::nullopt;
    auto result = std::string{};
    result.reserve(text.size());
    for (auto i = std::size_t{0}; i < text.size(); ++i) {
        if (text[i] == '%') {
            result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        else {
            result += text[i];
        }
    }
    return result;
}

} // namespace schemagate::url
