#include "shown.hpp"

#include "ascii.hpp"

namespace schemagate::url {

namespace {

// Longer than any host, role or database name: no name, then.
constexpr auto name_max = std::size_t{255};

std::string unless_telling(std::string_view value, std::string_view telling)
{
    if (value.size() > name_max || value.find_first_of(telling) != value.npos)
        return std::string{mask};
    return printable(value);
}

bool holds_secret_word(std::string_view text, bool of_keyword)
{
    auto const folded = lowered(text);
    for (auto const word : {"pass", "pwd", "secret", "token"})
        if (contains(folded, word))
            return true;
    return of_keyword && contains(folded, "key");
}

} // namespace

std::string shown_host(std::string_view host)
{
    if (host.starts_with('/') || host.starts_with('@')) { // a socket's folder: colons and blanks are usual
        auto const telling = host.find_first_of("@=;?&", 1) != host.npos;
        return telling ? std::string{mask} : unless_telling(host, "");
    }
    auto const address =
        !host.empty() && contains(host, ':') &&
        all(host.substr(0, host.find('%')), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
    return unless_telling(host, address ? "@" : "@:=;?&#/ \"'$");
}

std::string shown_port(std::string_view port)
{
    return port.size() <= 5 && all(port, is_digit) ? std::string{port} : std::string{mask};
}

std::string shown_user(std::string_view user)
{
    return unless_telling(user, ":=;?&/ ");
}

std::string shown_database(std::string_view dbname)
{
    return unless_telling(dbname, "@:=;?&");
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
    return contains(value, '@') ? std::string{mask} : printable(value);
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
