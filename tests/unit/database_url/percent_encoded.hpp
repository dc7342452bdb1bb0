// The tests' own percent-encoding: what a careful person would put into a URL.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

inline std::string encoded(std::string_view bytes)
{
    auto result = std::string{};
    for (auto const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        auto const plain =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (plain) {
            result += c;
            continue;
        }
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", byte);
        result += code;
    }
    return result;
}
