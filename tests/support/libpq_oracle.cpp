#include "libpq_oracle.hpp"

#include <libpq-fe.h>

#include <memory>
#include <regex>

namespace libpq_oracle {

namespace {

using connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

values values_of(PQconninfoOption* options)
{
    auto result = values{};
    for (auto const* option = options; option && option->keyword; ++option)
        if (option->val)
            result[option->keyword] = option->val;
    PQconninfoFree(options);
    return result;
}

} // namespace

bool is_connection_string(std::string const& text)
{
    return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
           text.find('=') != text.npos;
}

std::optional<values> parsed(std::string const& text)
{
    char* message = nullptr;
    auto* const options = PQconninfoParse(text.c_str(), &message);
    PQfreemem(message);
    return options ? std::optional{values_of(options)} : std::nullopt;
}

std::optional<values> used(std::string const& text)
{
    constexpr auto const* stop = "none of those that libpq knows";
    char const* const keywords[] = {is_connection_string(text) ? "dbname" : "target_session_attrs",
                                    "target_session_attrs", nullptr};
    char const* const texts[] = {is_connection_string(text) ? text.c_str() : stop, stop, nullptr};
    auto const handle = connection{PQconnectStartParams(keywords, texts, 1), &PQfinish};
    // Its last check of all is the one that has to fail, or one of an earlier value (sslmode=x), where hosts
    // and database are settled already.
    auto const message = std::string{PQerrorMessage(handle.get())};
    if (!message.starts_with("invalid ") || message.find(" value: \"") == message.npos)
        return std::nullopt;
    auto result = values_of(PQconninfo(handle.get()));
    result.erase("target_session_attrs");
    return result;
}

std::vector<attempt> attempts(std::string const& text)
{
    auto const handle = connection{PQconnectdb(text.c_str()), &PQfinish};
    auto const message = std::string{PQerrorMessage(handle.get())};
    static auto const line = std::regex{
        R"re(connection to server (?:at "([^"]*)"(?: \([^)]*\))?, port ([0-9]+)|on socket "([^"]*)") failed)re"};
    auto result = std::vector<attempt>{};
    for (auto at = std::sregex_iterator{message.begin(), message.end(), line}; at != std::sregex_iterator{};
         ++at)
        result.push_back((*at)[3].matched ? attempt{(*at)[3], ""} : attempt{(*at)[1], (*at)[2]});
    return result;
}

} // namespace libpq_oracle
