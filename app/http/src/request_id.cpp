#include "http/request_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

namespace app {
namespace {

bool is_sane(std::string_view text)
{
    auto const holds_key = text.find("sgk_") != text.npos; // in the wrong header: it must not be logged
    return !text.empty() && text.size() <= 128 && !holds_key &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == '+' || c == '=';
           });
}

} // namespace

std::string request_id_of(std::string_view given)
{
    if (is_sane(given)) {
        return std::string{given};
    }
    // Unique, not secret: a generator for each thread, seeded by the system.
    thread_local std::mt19937_64 numbers = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }();
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(32);
    for (int half = 0; half < 2; ++half) {
        auto bits = numbers();
        for (int digit = 0; digit < 16; ++digit) {
            out += digits[bits & 15U];
            bits >>= 4U;
        }
    }
    return out;
}

} // namespace app
