#include "identity/api_key.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace app {
namespace {

constexpr std::string_view prefix = "sgk_";
constexpr std::size_t random_size = 32;
constexpr std::size_t encoded_size = 43; // of 32 bytes in base64 without "="

bool equal_ignoring_case(std::string_view a, std::string_view lower)
{
    return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
}

} // namespace

std::string make_api_key()
{
    std::array<unsigned char, random_size> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error{"the system has no random bytes"};
    }
    std::array<unsigned char, encoded_size + 2> text{};
    EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
    std::string key{prefix};
    for (std::size_t i = 0; i < encoded_size; ++i) {
        auto const c = static_cast<char>(text[i]);
        key += c == '+' ? '-' : c == '/' ? '_' : c;
    }
    return key;
}

std::string sha256_hex(std::string_view bytes)
{
    // Looking the algorithm up costs OpenSSL 3 more than the hash of a key.
    static std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> const sha256{
        EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
    thread_local std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free};
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_DigestInit_ex(context.get(), sha256.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), hash.data(), &size) != 1) {
        throw std::runtime_error{"SHA-256 failed"};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (unsigned int i = 0; i < size; ++i) {
        out += digits[hash[i] >> 4U];
        out += digits[hash[i] & 15U];
    }
    return out;
}

std::optional<std::string_view> key_in(std::string_view authorization) noexcept
{
    auto const space = authorization.find(' ');
    if (space == std::string_view::npos || !equal_ignoring_case(authorization.substr(0, space), "bearer")) {
        return std::nullopt;
    }
    auto key = authorization.substr(space);
    key.remove_prefix(std::min(key.find_first_not_of(' '), key.size()));
    if (key.size() != prefix.size() + encoded_size || !key.starts_with(prefix)) {
        return std::nullopt;
    }
    return key;
}

} // namespace app
