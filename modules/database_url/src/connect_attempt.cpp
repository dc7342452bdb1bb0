#include "connect_attempt.hpp"

#include <array>

#include "ascii.hpp"
#include "numeric_address.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// libpq 15 begins its sentences with these: 'connection to server at "db" (10.0.0.5), port 5432 failed: …'.
constexpr auto beginnings = std::array<std::string_view, 3>{
    "connection to server at \"", "connection to server on socket \"", "could not translate host name \""};

struct sentence_start
{
    std::string_view quoted; ///< the host, or the socket's path
    std::string_view after;  ///< the closing quotation mark
};

sentence_start start_before(std::string_view text, std::size_t at)
{
    auto begin = text.npos;
    auto length = std::size_t{0};
    for (auto const beginning : beginnings) {
        auto const found = text.rfind(beginning, at);
        if (found != text.npos && (begin == text.npos || found > begin)) {
            begin = found;
            length = beginning.size();
        }
    }
    if (begin == text.npos)
        return {};
    auto const rest = text.substr(begin + length);
    auto const end = rest.find('"');
    if (end == rest.npos)
        return {};
    return {rest.substr(0, end), rest.substr(end + 1)};
}

} // namespace

endpoint const* connect_attempt::named_before(std::size_t at) const
{
    auto const quoted = start_before(text, at).quoted;
    return quoted.empty() ? nullptr : first([&](endpoint const& one) {
        return one.transport == transport::socket ? quoted == one.host + "/.s.PGSQL." + one.port
                                                  : quoted == one.host;
    });
}

std::string connect_attempt::address_before(std::size_t at) const
{
    auto const start = start_before(text, at);
    if (start.after.starts_with(" (")) {
        auto const inner = start.after.substr(2, start.after.find(')') - 2);
        if (read_address(inner))
            return std::string{inner};
    }
    return read_address(start.quoted) ? std::string{start.quoted} : std::string{};
}

bool connect_attempt::set_by_url(std::string_view keyword) const
{
    return std::any_of(settings.parameters.begin(), settings.parameters.end(), [&](auto const& parameter) {
        return parameter.keyword == keyword && !parameter.value.empty();
    });
}

bool connect_attempt::has_variable(std::string const& name) const
{
    return !where.variable(name).value_or("").empty();
}

std::string connect_attempt::user() const
{
    return "\"" + settings.shown_user() + "\"";
}

std::string connect_attempt::database() const
{
    return "\"" + settings.shown_dbname() + "\"";
}

std::string connect_attempt::model(std::string_view host) const
{
    auto const or_else = [](std::string const& known, std::string_view word) {
        return made_of_words(known, "_-.") ? known : std::string{word};
    };
    return "postgresql://" + or_else(settings.shown_user(), "USER") + ":***@" + std::string{host} + ":5432/" +
           or_else(settings.shown_dbname(), "DATABASE");
}

bool endpoint_failure::is_socket() const
{
    return one && one->transport == transport::socket;
}

std::string endpoint_failure::host() const
{
    return one ? attempt.settings.shown_host(*one) : "the host";
}

std::string endpoint_failure::target() const
{
    if (!one)
        return host();
    auto const shown = host();
    return (contains(shown, ':') && !is_socket() ? "[" + shown + "]" : shown) + ":" +
           attempt.settings.shown_port(*one);
}

endpoint_failure failure_at(connect_attempt const& a, std::size_t at)
{
    auto result = endpoint_failure{a, a.named_before(at), a.address_before(at)};
    if (!result.one && !a.settings.endpoints.empty())
        result.one = &a.settings.endpoints.front();
    if (result.address.empty() && result.one && read_address(result.one->host))
        result.address = result.one->host;
    return result;
}

} // namespace schemagate::url
