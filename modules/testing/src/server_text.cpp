#include "server_text.hpp"

#include <cstdio>
#include <random>

namespace schemagate::testing {

std::string url_encoded(std::string const& text)
{
    static constexpr auto plain =
        std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"};
    static constexpr auto digits = std::string_view{"0123456789ABCDEF"};
    std::string encoded;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos) {
            encoded += c;
        }
        else {
            encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return encoded;
}

std::string random_hex(int digits)
{
    static constexpr auto all = std::string_view{"0123456789abcdef"};
    std::random_device source;
    std::string text;
    while (static_cast<int>(text.size()) < digits) {
        text += all[source() % 16U];
    }
    return text;
}

void say(std::string const& line) noexcept
{
    std::fputs(("schemagate: " + line + "\n").c_str(), stderr);
}

} // namespace schemagate::testing
