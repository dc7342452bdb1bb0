// Passwords that have broken somebody's URL, and every special byte in turn.
#pragma once

#include <string>
#include <vector>

// Every ASCII byte that is neither a letter nor a digit, less NUL.
inline std::string special_bytes()
{
    auto result = std::string{};
    for (auto c = char{1}; c < 127; ++c)
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            result += c;
    return result + "\x7f";
}

inline std::vector<std::string> nasty_passwords()
{
    auto result = std::vector<std::string>{"p",
                                           "5432",
                                           "65536",
                                           "h",
                                           "S3cretWord",
                                           "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x91",
                                           "Zq7w%4fKx",
                                           "Zq7w%zzKx",
                                           "Zq7w%",
                                           "Zq/Kx@Zq",
                                           "Zq@Kx/Zq",
                                           "Zq@Kx:5432/Zq",
                                           "Zq?Kx=Zq&Yw",
                                           "Zq?Kx=Zq@Yw",
                                           "Zq#Kx?Zq/Yw",
                                           "12/Kx",
                                           "12/Kx@Zq/Yw",
                                           "[Zq]",
                                           "[Zq",
                                           "$Zq",
                                           "Zq\r\nset-cookie",
                                           "Zq\x1b[31mKx",
                                           "://Zq",
                                           "/",
                                           "@",
                                           "@@",
                                           "//",
                                           ":@:",
                                           "/@/",
                                           "?@?",
                                           "&Zq=Kx"};
    for (auto const c : special_bytes()) {
        result.push_back(std::string{"Zq7w"} + c + "Kx2y");
    }
    for (auto const c : std::string{"@/:?#%&=[],;\"' \n"}) {
        result.push_back(std::string(1, c) + "Zq7wKx");
        result.push_back("Zq7wKx" + std::string(1, c));
    }
    return result;
}
