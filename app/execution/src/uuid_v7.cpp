#include "execution/uuid_v7.hpp"

#include <algorithm>
#include <array>
#include <openssl/rand.h>
#include <stdexcept>

namespace app {
namespace {

// Where the groups of 8-4-4-4-12 digits end.
constexpr bool is_hyphen_at(std::size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

constexpr int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    auto const lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// In blocks: a call of OpenSSL's for each identifier costs more than all the rest of it.
void take_random(unsigned char* to, std::size_t count)
{
    thread_local std::array<unsigned char, 1'000> block;
    thread_local std::size_t used = block.size();
    if (used + count > block.size()) {
        if (RAND_bytes(block.data(), static_cast<int>(block.size())) != 1) {
            throw std::runtime_error("OpenSSL has no random bytes");
        }
        used = 0;
    }
    std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(used), count, to);
    used += count;
}

} // namespace

std::string new_uuid_v7(unix_milliseconds at)
{
    std::array<unsigned char, 16> bytes{};
    take_random(bytes.data() + 6, 10);
    auto const time = static_cast<std::uint64_t>(at.time_since_epoch().count());
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<unsigned char>(time >> (40 - 8 * i));
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x70U); // version 7
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U); // variant of RFC 9562
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (auto const byte : bytes) {
        if (is_hyphen_at(text.size())) {
            text += '-';
        }
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string new_uuid_v7()
{
    return new_uuid_v7(
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

bool is_uuid(std::string_view text) noexcept
{
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_hyphen_at(i) ? text[i] != '-' : digit_of(text[i]) < 0) {
            return false;
        }
    }
    return true;
}

std::optional<unix_milliseconds> time_of_uuid_v7(std::string_view uuid) noexcept
{
    if (!is_uuid(uuid) || uuid[14] != '7') {
        return std::nullopt;
    }
    std::int64_t time = 0;
    for (std::size_t i = 0; i < 13; ++i) {
        if (i != 8) {
            time = time * 16 + digit_of(uuid[i]);
        }
    }
    return unix_milliseconds{std::chrono::milliseconds{time}};
}

} // namespace app
