#include "text_part.hpp"

#include "libpq_parser.hpp"
#include "percent_code.hpp"

namespace schemagate::url {

namespace {

std::string decoded(std::string_view written)
{
    return percent_decoded(written).value_or(std::string{written});
}

stand_in judged(std::string_view keyword, std::string_view value)
{
    return keyword == "password" ? stand_in_for_password(value) : stand_in_for(value);
}

} // namespace

std::vector<text_part> parts_of(uri_layout const& layout)
{
    auto result = std::vector<text_part>{};
    auto const add = [&](std::string keyword, std::string_view written, bool parameter = false) {
        auto const stands = judged(keyword, written); // what is percent-encoded was meant
        result.push_back({std::move(keyword), written, secret{decoded(written)}, parameter, stands});
    };
    if (layout.has_userinfo)
        add("user", layout.user);
    if (layout.password)
        add("password", *layout.password);
    for (auto const& host : layout.hosts) {
        add("host", host.host);
        if (host.port)
            add("port", *host.port);
    }
    if (layout.dbname)
        add("dbname", *layout.dbname);
    for (auto const& parameter : layout.parameters)
        add(decoded(parameter.key), parameter.value, true);
    return result;
}

std::vector<text_part> parts_of(keyword_layout const& layout)
{
    auto result = std::vector<text_part>{};
    for (auto const& one : layout.pieces) {
        auto value = secret{unquoted(one.value)};
        auto const stands = judged(one.keyword, value.reveal());
        result.push_back({std::string{one.keyword}, one.value, std::move(value), true, stands});
    }
    return result;
}

std::string part_name(std::string_view keyword)
{
    if (keyword == "dbname")
        return "database";
    if (keyword == "hostaddr")
        return "address";
    return find_keyword(keyword) ? std::string{keyword} : "a parameter";
}

} // namespace schemagate::url
