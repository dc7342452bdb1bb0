#include "experiment/assignment.hpp"

#include <array>
#include <cstdint>
#include <openssl/evp.h>
#include <random>
#include <stdexcept>
#include <string>

namespace app {
namespace {

constexpr unsigned points = 10'000;

unsigned random_point()
{
    thread_local std::mt19937_64 numbers{std::random_device{}()};
    return std::uniform_int_distribution<unsigned>{0, points - 1}(numbers);
}

unsigned point_of(std::string_view experiment_id, std::string_view user_id)
{
    auto const text = std::string{experiment_id} + ':' + std::string{user_id};
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error{"SHA-256 failed"};
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        number = number << 8U | hash[i];
    }
    return static_cast<unsigned>(number % points);
}

} // namespace

variant const* variant_at(experiment const& of, unsigned point) noexcept
{
    unsigned reached = 0;
    for (auto const& v : of.variants) {
        reached += static_cast<unsigned>(v.weight) * (points / 100);
        if (point < reached) {
            return &v;
        }
    }
    return nullptr;
}

variant const* assign(experiment const& to, std::string_view user_id)
{
    return variant_at(to, user_id.empty() ? random_point() : point_of(to.id, user_id));
}

} // namespace app
