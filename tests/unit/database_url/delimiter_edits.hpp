// Good connection strings with a password that is a marker, and the slips of a hand that put the password
// elsewhere: one to three delimiters dropped, doubled, moved, encoded, or swapped with the byte beside them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "percent_encoded.hpp"

/// What generators and people make: letters of both cases with digits, small letters, and bytes that have to
/// be escaped.
inline auto const canaries =
    std::vector<std::string>{"Zq7wKx2yVj", "kvwzqxjyfh", "Vj@Kx/w7#Zq2y", "q4wzxk8vjy3h"};

inline std::vector<std::string> texts_with(std::string const& canary)
{
    auto const escaped = encoded(canary);
    auto result = std::vector<std::string>{};
    for (auto const* const text :
         {"postgresql://app:{}@db.example.com:5432/shop?sslmode=require", "postgresql://app:{}@db:5432/shop",
          "postgres://app:{}@10.0.0.7/shop", "postgresql://app:{}@db",
          "postgresql://app:{}@h1:5432,h2:5433/shop",
          "postgresql://app:{}@[2001:db8::1]:5432/shop?application_name=x",
          "postgresql://app:{}@/shop?host=/cloudsql/p:r:i",
          "postgresql://db.example.com:5432/shop?user=app&password={}&sslmode=require",
          "postgresql:///shop?host=/run/pg&user=app&password={}",
          "postgresql://user%40corp:{}@db.internal:6432/shop?options=-c%20search_path%3Dx&sslmode=require"}) {
        auto const whole = std::string{text};
        auto const at = whole.find("{}");
        result.push_back(whole.substr(0, at) + escaped + whole.substr(at + 2));
    }
    auto quoted = std::string{};
    for (auto const c : canary)
        quoted += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    for (auto const* const text :
         {"host=db.example.com port=5432 user=app password={} dbname=shop sslmode=require",
          "host=db user=app password='{}' dbname='shop'", "dbname=shop user=app host=/run/pg password={}",
          "password={} host=db dbname=shop user=app options='-c search_path=x'"}) {
        auto const whole = std::string{text};
        auto const at = whole.find("{}");
        result.push_back(whole.substr(0, at) + quoted + whole.substr(at + 2));
    }
    return result;
}

/// `number(n)` gives one of 0 … n-1.
template <class Number>
std::string with_slips(std::string text, std::string_view protected_word, Number&& number)
{
    constexpr auto delimiters = std::string_view{":/@?&=,#' %[]"};
    for (auto count = 1 + number(3); count > 0; --count) {
        auto const word = text.find(protected_word);
        if (word == text.npos)
            return text; // a delimiter is in it: what goes on from there is no slip beside it
        auto places = std::vector<std::size_t>{};
        for (auto at = std::size_t{0}; at < text.size(); ++at)
            if (delimiters.find(text[at]) != delimiters.npos &&
                (at < word || at >= word + protected_word.size()))
                places.push_back(at);
        if (places.empty())
            return text;
        auto const at = places[number(places.size())];
        auto const byte = text[at];
        switch (number(5)) {
        case 0: text.erase(at, 1); break;
        case 1: text.insert(at, 1, byte); break;
        case 2: { // a few places further, but not into the password
            constexpr auto far = std::size_t{12};
            text.erase(at, 1);
            auto to = std::min(text.size(), (at < far ? 0 : at - far) + number(2 * far + 1));
            auto const begin = text.find(protected_word);
            if (begin != text.npos && to > begin && to < begin + protected_word.size())
                to = begin;
            text.insert(to, 1, byte);
            break;
        }
        case 3: text.replace(at, 1, encoded(std::string(1, byte))); break;
        default:
            if (at + 1 < text.size() && number(2) == 0)
                std::swap(text[at], text[at + 1]);
            else if (at > 0)
                std::swap(text[at], text[at - 1]);
        }
    }
    return text;
}

/// Six bytes of the password, decoded or as they were written, that stand in the text; "" if none do.
inline std::string piece_shown(std::string_view text, std::string const& canary)
{
    constexpr auto length = std::size_t{6};
    for (auto const& form : {canary, encoded(canary)})
        for (auto at = std::size_t{0}; at + length <= form.size(); ++at)
            if (text.find(std::string_view{form}.substr(at, length)) != text.npos)
                return form.substr(at, length);
    return {};
}
