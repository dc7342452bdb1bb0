#include "change_rules.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"

#include "ascii.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

namespace {

constexpr auto parts = {"host", "port", "user", "dbname", "password"};

bool is_part(std::string_view keyword)
{
    return std::find(parts.begin(), parts.end(), keyword) != parts.end();
}

[[noreturn]] void refuse(std::string const& message, std::string const& fix)
{
    throw failure{errc::usage, message, fix};
}

void judge_host(std::string const& host)
{
    if (contains(host, ','))
        refuse("The new host is a list.", "Give one host: it takes the place of all.");
    if (host.starts_with('/') || host.starts_with('@'))
        return;
    if (contains(host, '/'))
        refuse("The new host holds a /, but does not begin with one.",
               "Give a host name or an address, or a socket's folder from the root: /cloudsql/P:R:I.");
    auto const plain = host.substr(0, host.find('%'));
    auto const colons = std::count(plain.begin(), plain.end(), ':');
    if (colons == 1)
        refuse("The new host holds a port.", "Give host and port each on its own.");
    auto const address = [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; };
    if (colons > 1 ? !all(plain, address) : !all(host, [](char c) {
            return is_alnum(c) || contains(std::string_view{"-._"}, c) ||
                   static_cast<unsigned char>(c) >= 0x80;
        }))
        refuse("The new host is neither a name nor an address nor a socket's folder.",
               "Write an IPv6 address without brackets; they are added.");
}

std::string shown_keyword(std::string const& keyword)
{
    return harmless_keyword(keyword) ? keyword : "a parameter";
}

void judge_set(std::string const& keyword)
{
    auto const* const known = find_keyword(keyword);
    if (known != nullptr && known->secret && keyword != "password")
        refuse(
            keyword + " is a secret, and cannot be set like this.",
            "Write it into the connection string itself, or use a key without one in a file of mode 0600.");
    if (is_part(keyword))
        refuse(keyword + " is set in a way of its own.",
               keyword == "password" ? "Give a file that holds the new password." : "Use its own option.");
    if (keyword == "hostaddr")
        refuse("hostaddr goes when the host changes, and is not set.", "Give the address as the host.");
    if (known == nullptr) {
        auto near = std::string{};
        for (auto const& other : libpq_keywords())
            if (edit_distance(keyword, other.keyword) <= 2 && near.empty())
                near = other.keyword;
        refuse("libpq has no parameter " +
                   (near.empty() ? std::string{"of that name."} : shown_keyword(keyword) + "."),
               keyword == "ssl" ? "Set sslmode."
               : near.empty()   ? "PostgreSQL's documentation, \"Parameter Key Words\", lists them."
                                : "Did you mean " + near + "?");
    }
}

} // namespace

void judge_change(url_change const& change)
{
    auto const not_empty = [](char const* part, std::optional<std::string> const& value) {
        if (value && value->empty())
            refuse("The new " + std::string{part} + " is empty.", "Unset it, if it is to go.");
        if (value && contains(*value, '\0'))
            refuse("The new " + std::string{part} + " holds a NUL byte.", "Leave it out.");
    };
    not_empty("host", change.host);
    not_empty("port", change.port);
    not_empty("user", change.user);
    not_empty("database", change.dbname);
    if (change.host)
        judge_host(*change.host);
    if (change.port && (!all(*change.port, is_digit) || port_number(*change.port) == 0))
        refuse("The new port is not a number from 1 to 65535.", "For example 5432.");
    if (change.password && change.password->empty())
        refuse("The new password is empty.", "Unset password, if it is to go.");
    if (change.password && contains(change.password->reveal(), '\0'))
        refuse("The new password holds a NUL byte.", "Save it as plain text (UTF-8, not UTF-16).");
    for (auto const& [keyword, value] : change.set) {
        judge_set(keyword);
        not_empty(keyword.c_str(), value);
    }
    if (change.unset.contains("host"))
        refuse("host cannot be unset: libpq would silently use a socket of this machine.",
               "Give the new host.");
    auto const both = [&](char const* part, bool set) {
        if (set && change.unset.contains(part))
            refuse(std::string{part} + " is to be set and unset.", "Choose one.");
    };
    both("port", change.port.has_value());
    both("user", change.user.has_value());
    both("dbname", change.dbname.has_value());
    both("password", change.password.has_value());
    for (auto const& [keyword, value] : change.set)
        both(keyword.c_str(), true);
}

} // namespace schemagate::url
