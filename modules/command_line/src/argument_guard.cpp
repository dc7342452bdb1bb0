#include <algorithm>
#include <array>

#include "arguments.hpp"
#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

bool may_hold_a_secret(std::string_view argument)
{
    std::string lower{argument};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    auto const holds = [&](std::string_view what) { return lower.find(what) != lower.npos; };
    auto const colon = lower.find(':');
    bool const credentials_at_host = colon != lower.npos && lower.find('@', colon) != lower.npos;
    return holds("://") || holds("password=") || holds("passwd=") || holds("database_url=") ||
           holds("database-url=") || credentials_at_host;
}

bool names_a_password(std::string_view argument)
{
    constexpr std::array<std::string_view, 6> names{"--password", "--passwd",       "--pass",
                                                    "--pw",       "--new-password", "-W"};
    return std::find(names.begin(), names.end(), argument) != names.end();
}

} // namespace

void guard_arguments(int argc, char const* const* argv)
{
    for (int i = 1; i < argc; ++i) {
        std::string_view const argument{argv[i]};
        if (may_hold_a_secret(argument)) {
            throw usage_error{
                "argument " + std::to_string(i) +
                " looks like a connection string or a password. It is not used and not shown: every "
                "user of this machine can read argv. Set DATABASE_URL in the environment, or "
                "DATABASE_URL_FILE to a file that holds it; `url rewrite` takes a new password by "
                "--password-file FILE."};
        }
        if (names_a_password(argument)) {
            throw usage_error{
                "argument " + std::to_string(i) +
                " is to be followed by a password. That is not used and not shown: every user of this "
                "machine "
                "can read argv. `url rewrite` takes a new password by --password-file FILE (- is stdin)."};
        }
        if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
            throw usage_error{"argument " + std::to_string(i) + " ends with \"=\", but has no value."};
        }
    }
}

std::string unexpected_argument(std::string const& argument, std::vector<std::string> const& known)
{
    auto const word = argument.substr(0, argument.find('='));
    auto const near = std::min_element(known.begin(), known.end(), [&](auto const& a, auto const& b) {
        return edit_distance(word, a) < edit_distance(word, b);
    });
    std::string const kind = argument.starts_with('-') ? "option" : "subcommand";
    if (near != known.end() && edit_distance(word, *near) == 0) {
        return kind + ' ' + *near + " cannot stand here.";
    }
    if (near != known.end() && edit_distance(word, *near) <= 2) {
        return "there is no such " + kind + "; did you mean " + *near + '?';
    }
    return (kind == "option" ? "there is an " : "there is a ") + kind +
           " that nothing takes (not shown, since it may be a secret).";
}

} // namespace schemagate
