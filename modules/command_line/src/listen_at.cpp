#include <charconv>

#include "commands.hpp"
#include "console.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

struct given
{
    std::string name; ///< "--port", "PORT", "default"
    std::string value;
};

given first_of(std::optional<std::string> const& flag, std::string const& flag_name, place const& where,
               std::string const& variable, given otherwise)
{
    if (flag) {
        return {flag_name, *flag};
    }
    if (auto value = where.variable(variable)) {
        return {variable, *std::move(value)};
    }
    return otherwise;
}

failure invalid(given const& what, std::string const& problem, std::string const& example)
{
    // A connection string in the wrong variable must not be shown.
    bool const may_be_secret = what.value.find('@') != std::string::npos || what.value.size() > 60;
    return {errc::setting_invalid,
            what.name +
                (what.value.empty() ? " is set, but empty"
                 : may_be_secret    ? " has a value"
                                    : " is \"" + printable(what.value) + '"') +
                (what.value.empty() ? "." : ", " + problem),
            "Write for example " + what.name + '=' + example + '.'};
}

} // namespace

listen_address listen_at(arguments const& asked, place const& where)
{
    auto const container = is_container(where);
    auto const port = first_of(asked.port, "--port", where, "PORT", {"default", "8080"});
    auto const host = first_of(asked.host, "--host", where, "HOST",
                               container ? given{describe(where), "0.0.0.0"} : given{"default", "127.0.0.1"});

    listen_address at;
    auto const* const last = port.value.data() + port.value.size();
    auto const [end, error] = std::from_chars(port.value.data(), last, at.port);
    if (error != std::errc{} || end != last) {
        throw invalid(port, "which is no port: a number up to 65535.", "8080");
    }
    for (char const c : host.value) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '/' || c == '@') {
            throw invalid(host, "which is no address and no host name.", "127.0.0.1");
        }
    }
    if (host.value.empty()) {
        throw invalid(host, "", "127.0.0.1");
    }
    at.host = host.value;
    at.why = "host: " + host.name + ", port: " + port.name;
    return at;
}

} // namespace schemagate
