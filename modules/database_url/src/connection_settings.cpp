#include "schemagate/connection_settings.hpp"

#include "ascii.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate {

bool hidden_parts::hides(std::string_view keyword) const
{
    if (keyword == "user")
        return user;
    if (keyword == "host" || keyword == "hostaddr")
        return hosts;
    return keyword == "port" ? ports : keyword == "dbname" ? dbname : values;
}

std::string connection_settings::shown_user() const
{
    return hidden.user ? std::string{url::mask} : url::shown_user(user);
}

std::string connection_settings::shown_dbname() const
{
    return hidden.dbname ? std::string{url::mask} : url::shown_database(dbname);
}

std::string connection_settings::shown_host(endpoint const& one) const
{
    return hidden.hosts ? std::string{url::mask} : url::shown_host(one.host);
}

std::string connection_settings::shown_port(endpoint const& one) const
{
    return hidden.ports ? std::string{url::mask} : url::shown_port(one.port);
}

std::string connection_settings::where() const
{
    auto result = std::string{};
    for (auto const& one : endpoints) {
        if (!result.empty())
            result += ", ";
        auto const host = shown_host(one);
        auto const port = shown_port(one);
        if (one.transport == schemagate::transport::socket)
            result += "socket " + host + "/.s.PGSQL." + port;
        else
            result += (url::contains(host, ':') ? "[" + host + "]" : host) + ":" + port;
    }
    return result;
}

secret connection_settings::soci_url(std::vector<connection_parameter> const& extra) const
{
    auto all = std::vector<connection_parameter const*>{};
    for (auto const& parameter : parameters) {
        auto overridden = false;
        for (auto const& other : extra)
            overridden = overridden || other.keyword == parameter.keyword;
        if (!overridden)
            all.push_back(&parameter);
    }
    for (auto const& parameter : extra)
        all.push_back(&parameter);
    // SOCI passes a URL untouched only if it has a parameter. The user is what libpq would use anyway.
    auto const filler = connection_parameter{"user", secret{user}};
    if (all.empty())
        all.push_back(&filler);

    auto size = std::size_t{16};
    for (auto const* parameter : all)
        size += parameter->keyword.size() + 2 + 3 * parameter->value.reveal().size();
    auto result = std::string{};
    result.reserve(size); // growing would leave pieces of the password in freed memory
    result = "postgresql:///";
    auto separator = '?';
    for (auto const* parameter : all) {
        auto const value = secret{url::percent_encoded(parameter->value.reveal())};
        result += separator;
        result += parameter->keyword;
        result += '=';
        result += value.reveal();
        separator = '&';
    }
    return secret{std::move(result)};
}

} // namespace schemagate
