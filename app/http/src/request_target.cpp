#include "http/request_target.hpp"

#include "http/utf8.hpp"

namespace app {
namespace {

int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// In a query "+" is a space: that is what browsers and most HTTP libraries send for one.
std::optional<std::string> decode(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        int const low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_utf8_without_nul(out)) {
        return std::nullopt;
    }
    return out;
}

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

// "http://host/path" → "/path": a server must accept the form that is meant for proxies.
std::string_view without_authority(std::string_view text)
{
    auto const scheme = text.find("://");
    if (text.starts_with('/') || scheme == std::string_view::npos) {
        return text;
    }
    auto const path = text.find_first_of("/?", scheme + 3);
    return path == std::string_view::npos ? std::string_view{"/"} : text.substr(path);
}

} // namespace

std::optional<request_target> parse_target(std::string_view text)
{
    text = without_authority(text);
    text = text.substr(0, text.find('#'));
    auto const question = text.find('?');
    auto path = text.substr(0, question);

    request_target out;
    if (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    for (auto const part : split(path, '/')) {
        auto segment = decode(part, false);
        if (!segment) {
            return std::nullopt;
        }
        out.segments.push_back(std::move(*segment));
    }
    if (question == std::string_view::npos) {
        return out;
    }
    for (auto const part : split(text.substr(question + 1), '&')) {
        if (part.empty()) {
            continue;
        }
        auto const equals = part.find('=');
        auto key = decode(part.substr(0, equals), true);
        auto value = decode(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!key || !value) {
            return std::nullopt;
        }
        out.query.emplace_back(std::move(*key), std::move(*value));
    }
    return out;
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

} // namespace app
