#include "libpq_parser.hpp"

#include <libpq-fe.h>
#if __has_include(<pg_config_manual.h>)
#include <pg_config_manual.h>
#endif

#include <cstring>
#include <memory>
#include <new>
#include <unordered_map>

namespace schemagate::url {

namespace {

// PQconninfoFree and PQfreemem leave the bytes in freed memory, so they are wiped before.
void wipe(char* text) noexcept
{
    if (text)
        explicit_bzero(text, std::strlen(text));
}

struct free_options
{
    void operator()(PQconninfoOption* options) const noexcept
    {
        for (auto* option = options; option->keyword; ++option)
            wipe(option->val);
        PQconninfoFree(options);
    }
};

using option_list = std::unique_ptr<PQconninfoOption, free_options>;

option_list parse(char const* text)
{
    char* message = nullptr;
    auto options = option_list{PQconninfoParse(text, &message)};
    wipe(message);
    PQfreemem(message);
    return options;
}

} // namespace

std::vector<libpq_keyword> const& libpq_keywords()
{
    // Of an empty string, which sets nothing: PQconndefaults() would read this process's environment and
    // service file, and the environment is `place`'s to read.
    static auto const keywords = [] {
        auto const options = parse("");
        if (!options)
            throw std::bad_alloc{};
        auto result = std::vector<libpq_keyword>{};
        for (auto const* option = options.get(); option->keyword; ++option)
            result.push_back({option->keyword, option->envvar ? option->envvar : "",
                              option->compiled ? option->compiled : "",
                              option->dispchar && std::strchr(option->dispchar, '*') != nullptr});
        return result;
    }();
    return keywords;
}

libpq_keyword const* find_keyword(std::string_view keyword)
{
    static auto const by_name = [] {
        auto result = std::unordered_map<std::string_view, libpq_keyword const*>{};
        for (auto const& one : libpq_keywords())
            result.emplace(one.keyword, &one);
        return result;
    }();
    auto const found = by_name.find(keyword);
    return found == by_name.end() ? nullptr : found->second;
}

std::optional<std::vector<connection_parameter>> libpq_parse(std::string const& text)
{
    if (text.find('\0') != text.npos)
        return std::nullopt;
    auto const options = parse(text.c_str());
    if (!options)
        return std::nullopt;
    auto result = std::vector<connection_parameter>{};
    result.reserve(libpq_keywords().size());
    for (auto const* option = options.get(); option->keyword; ++option)
        if (option->val)
            result.push_back({option->keyword, secret{option->val}});
    return result;
}

bool libpq_would_connect(std::vector<connection_parameter> const& set)
{
    // A socket folder that nobody can have, in place of every host: no packet leaves, and the error of an
    // attempt that was made names it. As a URL, since only there an empty hostaddr keeps out PGHOSTADDR.
    constexpr auto nowhere = "/nonexistent/schemagate";
    auto settings = connection_settings{};
    settings.parameters = set;
    auto const url =
        settings.soci_url({{"host", secret{nowhere}}, {"hostaddr", secret{}}, {"port", secret{"5432"}}});
    auto const connection =
        std::unique_ptr<PGconn, decltype(&PQfinish)>{PQconnectStart(url.reveal().c_str()), &PQfinish};
    if (!connection)
        throw std::bad_alloc{};
    return std::strstr(PQerrorMessage(connection.get()), nowhere) != nullptr;
}

bool libpq_finds_service(std::string const& name)
{
    return libpq_would_connect({{"service", secret{name}}});
}

std::string_view default_socket_folder()
{
#ifdef DEFAULT_PGSOCKET_DIR
    return DEFAULT_PGSOCKET_DIR;
#else
    return "/tmp";
#endif
}

int libpq_version()
{
    return PQlibVersion();
}

} // namespace schemagate::url
