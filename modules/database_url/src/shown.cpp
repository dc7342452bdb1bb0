#include "shown.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"

namespace schemagate::url {

using namespace std::string_view_literals;

namespace {

// Longer than any host, role or database name: no name, then.
constexpr auto name_max = std::size_t{255};

// Generators make "q7wKx2yVj", and people "MyApp2": small and capital letters around a digit are no name's. A
// moved delimiter may have put a piece of a password anywhere, without any other trace.
bool looks_random(std::string_view value)
{
    for (auto rest = value; !rest.empty();) {
        auto const begin = std::find_if(rest.begin(), rest.end(), is_alnum);
        auto const end = std::find_if_not(begin, rest.end(), is_alnum);
        auto word = rest.substr(static_cast<std::size_t>(begin - rest.begin()),
                                static_cast<std::size_t>(end - begin));
        rest.remove_prefix(static_cast<std::size_t>(end - rest.begin()));
        while (!word.empty() && is_digit(word.back()))
            word.remove_suffix(1);
        if (word.size() > 4 && std::any_of(word.begin(), word.end(), is_digit) &&
            std::any_of(word.begin(), word.end(), is_upper) &&
            std::any_of(word.begin(), word.end(), is_lower))
            return true;
    }
    return false;
}

std::string unless_telling(std::string_view value, std::string_view telling)
{
    if (value.size() > name_max || contains_any(value, telling) || looks_random(value))
        return std::string{mask};
    return printable(value);
}

bool holds_secret_word(std::string_view text, bool of_keyword)
{
    auto const begins = [](std::string_view rest, std::string_view word) {
        return rest.size() >= word.size() && std::equal(word.begin(), word.end(), rest.begin(),
                                                        [](char a, char b) { return a == lower(b); });
    };
    for (auto rest = text; !rest.empty(); rest.remove_prefix(1))
        switch (rest.front() | 0x20) {
        case 'p':
            if (begins(rest, "pass") || begins(rest, "pwd"))
                return true;
            break;
        case 's':
            if (begins(rest, "secret"))
                return true;
            break;
        case 't':
            if (begins(rest, "token"))
                return true;
            break;
        case 'k':
            if (of_keyword && begins(rest, "key"))
                return true;
            break;
        default: break;
        }
    return false;
}

// What libpq takes for its choices, and what is written in their place.
constexpr auto legal_words = std::array{
    "disable"sv,        "allow"sv,    "prefer"sv,     "require"sv,   "verify-ca"sv, "verify-full"sv,
    "no-verify"sv,      "random"sv,   "read-write"sv, "read-only"sv, "primary"sv,   "standby"sv,
    "prefer-standby"sv, "postgres"sv, "direct"sv,     "database"sv,  "TLSv1.1"sv,   "TLSv1.2"sv,
    "TLSv1.3"sv,        "enabled"sv,  "disabled"sv,   "required"sv,  "preferred"sv, "insecure"sv,
};

// Its value is one of a few words, or a number: another one may be anything.
bool takes_word(std::string_view keyword)
{
    constexpr auto keywords = std::array{
        "sslmode"sv,
        "ssl"sv,
        "requiressl"sv,
        "sslcompression"sv,
        "sslsni"sv,
        "sslcertmode"sv,
        "gssencmode"sv,
        "gsslib"sv,
        "sslnegotiation"sv,
        "ssl_min_protocol_version"sv,
        "replication"sv,
        "krbsrvname"sv,
        "connect_timeout"sv,
        "channel_binding"sv,
        "ssl_max_protocol_version"sv,
        "tcp_user_timeout"sv,
        "load_balance_hosts"sv,
        "target_session_attrs"sv,
    };
    return keyword.starts_with("keepalives") ||
           std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

} // namespace

std::string shown_host(std::string_view host)
{
    if (host.starts_with('/') || host.starts_with('@')) { // a socket's folder: colons and blanks are usual
        auto const telling = contains_any(host.substr(1), "@=;?&");
        return telling ? std::string{mask} : unless_telling(host, "");
    }
    auto const address =
        !host.empty() && contains(host, ':') &&
        all(host.substr(0, host.find('%')), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
    return unless_telling(host, address ? "@" : "@:=;?&#/ \"'$!^()[]{}\\~+");
}

std::string shown_port(std::string_view port)
{
    while (!port.empty() && is_blank(port.front())) // libpq leaves it out
        port.remove_prefix(1);
    while (!port.empty() && is_blank(port.back()))
        port.remove_suffix(1);
    return port.size() <= 5 && all(port, is_digit) ? std::string{port} : std::string{mask};
}

std::string shown_user(std::string_view user)
{
    return unless_telling(user, ":=;?&/, !$^()[]{}'\"\\~");
}

std::string shown_database(std::string_view dbname)
{
    return unless_telling(dbname, "@:=;?&, !$^()[]{}'\"\\~");
}

std::string shown_path(std::string_view path)
{
    auto const name = path.substr(std::min(path.rfind('/') + 1, path.size()));
    auto const below = path.find('/') != path.rfind('/') && path.starts_with('/');
    auto const endings = {".crt", ".pem", ".cer", ".key", ".crl", "pgpass", "pgpass.conf"};
    auto const usual =
        below || path == "system" ||
        std::any_of(endings.begin(), endings.end(), [&](auto const* one) { return name.ends_with(one); });
    return usual && !contains_any(path, "@=") ? printable(path) : std::string{mask};
}

std::string shown_file(std::string_view path)
{
    return contains(path, '/') || contains(path, '.') ? printable(path) : std::string{mask};
}

std::string shown_value(std::string_view keyword, std::string_view value)
{
    if (secret_keyword(keyword) || holds_secret_word(value, false))
        return std::string{mask};
    if (keyword == "host" || keyword == "hostaddr") {
        auto result = std::string{};
        for (auto rest = value;
             ;) { // a list: each on its own, since one telling piece must not hide the others
            auto const piece = rest.substr(0, rest.find(','));
            result += shown_host(piece);
            if (piece.size() == rest.size())
                return result;
            result += ',';
            rest.remove_prefix(piece.size() + 1);
        }
    }
    if (keyword == "port")
        return all(value, [](char c) { return is_digit(c) || c == ','; }) ? std::string{value}
                                                                          : std::string{mask};
    if (keyword == "user")
        return shown_user(value);
    if (keyword == "dbname")
        return shown_database(value);
    if (takes_word(keyword) && !telling_word(value))
        return std::string{mask};
    return contains(value, '@') || looks_random(value) ? std::string{mask} : printable(value);
}

bool telling_word(std::string_view value)
{
    constexpr auto short_word = std::size_t{5}; // no six bytes of a password
    constexpr auto digits_max = std::size_t{6}; // milliseconds
    return value.size() <= short_word ||
           std::find(legal_words.begin(), legal_words.end(), value) != legal_words.end() ||
           (value.size() <= digits_max && all(value, is_digit)) ||
           !nearest_word(value, {legal_words.begin(), legal_words.end()}).empty();
}

bool secret_keyword(std::string_view keyword)
{
    return holds_secret_word(keyword, true);
}

bool harmless_keyword(std::string_view keyword)
{
    return !keyword.empty() && keyword.size() <= 30 && !secret_keyword(keyword) &&
           all(keyword, [](char c) { return is_letter(c) || c == '_'; });
}

} // namespace schemagate::url
