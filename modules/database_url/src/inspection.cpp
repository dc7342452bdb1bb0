#include "inspection.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate::url {

bool inspection::refused() const
{
    return std::any_of(findings.begin(), findings.end(),
                       [](auto const& one) { return one.severity == severity::refuse; });
}

bool inspection::has(std::string_view code) const
{
    return std::any_of(findings.begin(), findings.end(), [&](auto const& one) { return one.code == code; });
}

std::string inspection::here() const
{
    auto const kind = describe(where);
    auto const one_of_many = kind.ends_with(" job") || kind.ends_with(" service");
    return kind.empty() ? "here" : one_of_many ? "in this " + kind : "here (" + kind + ")";
}

std::string inspection::model(std::string_view host) const
{
    auto const or_else = [&](bool hides, std::string const& known, std::string_view word) {
        auto const plain = set && !hides && url::shown_user(known) == known && made_of_words(known, "_-.");
        return plain ? known : std::string{word};
    };
    return "postgresql://" + or_else(hidden.user, effective.user(), "USER") + ":***@" + std::string{host} +
           ":5432/" + or_else(hidden.dbname, effective.value("dbname"), "DATABASE");
}

std::string inspection::said_by(std::string_view keyword) const
{
    switch (effective.from(keyword)) {
    case origin::environment: {
        auto const* known = find_keyword(keyword);
        return "the environment variable " + (known ? known->variable : std::string{keyword});
    }
    case origin::service: return "the connection service file";
    default: return name;
    }
}

std::string inspection::shown_host(std::string_view host) const
{
    return hidden.hosts ? std::string{mask} : url::shown_host(host);
}

std::string inspection::shown_port(std::string_view port) const
{
    return hidden.ports ? std::string{mask} : url::shown_port(port);
}

std::string inspection::shown_user(std::string_view user) const
{
    return hidden.user ? std::string{mask} : url::shown_user(user);
}

std::string inspection::shown_dbname(std::string_view dbname) const
{
    return hidden.dbname ? std::string{mask} : url::shown_database(dbname);
}

std::string inspection::shown_word(std::string_view value) const
{
    auto const plain = !hidden.values && made_of_words(value, "-_.") && telling_word(value);
    return plain ? " (" + std::string{value} + ")" : std::string{};
}

} // namespace schemagate::url
