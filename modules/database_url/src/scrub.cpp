// scrub(): the second line of defence, for texts that others wrote. It finds the password, and what may have
// caught a piece of it, however that is escaped there: each of its bytes may stand as itself, as %XX, or
// after a backslash.
#include "schemagate/database_url.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate {

namespace {

using url::hex_value;

// Length of the longest occurrence of `hidden` at the front of `text`, or 0. Several spellings may fit ("%25"
// is a "%", or itself), so every place that a byte can end at is followed.
std::size_t occurrence(std::string_view text, std::string_view hidden)
{
    auto ends = std::vector<std::size_t>{0};
    auto next = std::vector<std::size_t>{};
    for (auto const byte : hidden) {
        next.clear();
        for (auto const at : ends) {
            if (at < text.size() && text[at] == byte)
                next.push_back(at + 1);
            if (at + 1 < text.size() && text[at] == '\\' && text[at + 1] == byte)
                next.push_back(at + 2);
            auto const code = at + 2 < text.size() && text[at] == '%'
                                  ? hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])
                                  : -1;
            if (code == static_cast<int>(static_cast<unsigned char>(byte)))
                next.push_back(at + 3);
        }
        if (next.empty())
            return 0;
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
        ends.swap(next);
    }
    return ends.back();
}

// A password of one to three bytes occurs in ordinary words. Masked there, the words would spell it out
// ("***ort 5432"); so it is masked only where it stands alone.
constexpr auto word_like_max = std::size_t{3};

bool stands_alone(std::string_view text, std::size_t begin, std::size_t length)
{
    auto const joins = [&](std::size_t at) { return url::is_alnum(text[at]) || text[at] == '_'; };
    return (begin == 0 || !joins(begin - 1)) && (begin + length >= text.size() || !joins(begin + length));
}

std::vector<std::string_view> secrets_of(connection_settings const& settings)
{
    auto result = std::vector<std::string_view>{};
    auto const add = [&](bool hidden, std::string_view value) {
        if (hidden && !value.empty())
            result.push_back(value);
    };
    for (auto const& [keyword, value] : settings.parameters) {
        auto const* const known = url::find_keyword(keyword);
        add((known && known->secret) || settings.hidden.hides(keyword), value.reveal());
    }
    // What is masked elsewhere is masked here too; the user may also be the database's name.
    add(settings.shown_user() == url::mask, settings.user);
    add(settings.shown_dbname() == url::mask, settings.dbname);
    for (auto const& one : settings.endpoints) {
        add(settings.shown_host(one) == url::mask, one.host);
        add(settings.shown_port(one) == url::mask, one.port);
    }
    // The longest first: one may be the beginning of another.
    std::sort(result.begin(), result.end(), [](auto a, auto b) { return a.size() > b.size(); });
    return result;
}

} // namespace

std::string scrub(std::string_view text, connection_settings const& settings)
{
    auto const secrets = secrets_of(settings);
    auto result = std::string{};
    auto plain = std::size_t{0}; // begin of what is not yet copied
    for (auto at = std::size_t{0}; at < text.size();) {
        auto length = std::size_t{0};
        for (auto const hidden : secrets) {
            length = occurrence(text.substr(at), hidden);
            if (length != 0 && (hidden.size() > word_like_max || stands_alone(text, at, length)))
                break;
            length = 0;
        }
        if (length == 0) {
            ++at;
            continue;
        }
        result += printable(text.substr(plain, at - plain));
        result += url::mask;
        at += length;
        plain = at;
    }
    return result + printable(text.substr(plain));
}

} // namespace schemagate
