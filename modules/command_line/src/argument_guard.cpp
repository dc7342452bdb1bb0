#include <algorithm>
#include <numeric>

#include "arguments.hpp"

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

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
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
                "DATABASE_URL_FILE to a file that holds it."};
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
        return distance(word, a) < distance(word, b);
    });
    std::string const kind = argument.starts_with('-') ? "option" : "subcommand";
    if (near != known.end() && distance(word, *near) == 0) {
        return kind + ' ' + *near + " cannot stand here.";
    }
    if (near != known.end() && distance(word, *near) <= 2) {
        return "there is no such " + kind + "; did you mean " + *near + '?';
    }
    return (kind == "option" ? "there is an " : "there is a ") + kind +
           " that nothing takes (not shown, since it may be a secret).";
}

} // namespace schemagate
