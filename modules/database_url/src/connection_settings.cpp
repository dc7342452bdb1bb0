#include "schemagate/connection_settings.hpp"

#include "ascii.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate {

std::string connection_settings::where() const
{
    auto result = std::string{};
    for (auto const& one : endpoints) {
        if (!result.empty())
            result += ", ";
        auto const host = url::shown_host(one.host);
        auto const port = url::shown_port(one.port);
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
