#include "http/cached_answer.hpp"

#include <array>
#include <openssl/evp.h>

namespace app {

std::string entity_tag_of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tag = "\"";
    for (std::size_t i = 0; i < 16; ++i) {
        tag += digits[hash[i] >> 4U];
        tag += digits[hash[i] & 15U];
    }
    return tag += '"';
}

answer cached_answer(std::string const& body, std::string const& entity_tag, std::string const& cache_control,
                     std::string_view if_none_match)
{
    answer a;
    if (matches(if_none_match, entity_tag)) {
        a.status = 304;
    }
    else {
        a.body = body;
    }
    a.with("ETag", entity_tag).with("Cache-Control", cache_control);
    return a;
}

bool matches(std::string_view if_none_match, std::string_view entity_tag)
{
    while (!if_none_match.empty()) {
        auto const begin = if_none_match.find_first_not_of(" \t,");
        if (begin == std::string_view::npos) {
            return false;
        }
        if_none_match.remove_prefix(begin);
        if (if_none_match.front() == '*') {
            return true;
        }
        if (if_none_match.starts_with("W/")) {
            if_none_match.remove_prefix(2);
        }
        if (if_none_match.starts_with(entity_tag)) {
            return true;
        }
        // A tag holds no quote, but may hold commas.
        auto const end =
            if_none_match.starts_with('"') ? if_none_match.find('"', 1) : if_none_match.find(',');
        if (end == std::string_view::npos) {
            return false;
        }
        if_none_match.remove_prefix(end + 1);
    }
    return false;
}

} // namespace app
