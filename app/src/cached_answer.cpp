#include "cached_answer.hpp"

#include "schemagate/catalog.hpp"

namespace app {

answer cached_answer(std::string body, std::string_view if_none_match)
{
    auto const tag = '"' + schemagate::sha256_hex(body).substr(0, 32) + '"';
    answer a;
    if (matches(if_none_match, tag)) {
        a.status = 304;
    }
    else {
        a.body = std::move(body);
    }
    a.with("ETag", tag).with("Cache-Control", "max-age=60, stale-while-revalidate=60");
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
