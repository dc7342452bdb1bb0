#include "rewrite_options.hpp"

#include <CLI/CLI.hpp>

namespace schemagate {
namespace {

void set_parameter(std::map<std::string, std::string>& into, std::string const& text)
{
    auto const equals = text.find('=');
    if (equals == text.npos || equals == 0) {
        throw usage_error{"--set takes KEY=VALUE."};
    }
    if (!into.emplace(text.substr(0, equals), text.substr(equals + 1)).second) {
        throw usage_error{"--set gives one parameter two values."};
    }
}

} // namespace

void add_rewrite_options(CLI::App& to, rewrite_request& into, std::vector<std::string>& words)
{
    auto const value = [&](char const* name, std::optional<std::string>& target, char const* help,
                           char const* takes) {
        to.add_option_function<std::string>(
              name, [&target](std::string const& text) { target = text; }, help)
            ->type_name(takes);
        words.emplace_back(name);
    };
    auto const several = [&](char const* name, std::function<void(std::string const&)> const& take,
                             char const* help, char const* takes) {
        to.add_option_function<std::vector<std::string>>(
              name,
              [take](std::vector<std::string> const& texts) {
                  for (auto const& text : texts) {
                      take(text);
                  }
              },
              help)
            ->type_name(takes)
            ->expected(1)
            ->take_all()
            ->allow_extra_args(false);
        words.emplace_back(name);
    };
    auto const flag = [&](char const* name, bool& target, char const* help) {
        to.add_flag(name, target, help);
        words.emplace_back(name);
    };

    auto& change = into.change;
    value("--host", change.host,
          "new host: a name, an address or a socket's folder, in place of all that are there; hostaddr goes, "
          "and between TCP and socket the port too, unless --port is given",
          "HOST");
    value("--port", change.port, "new port, for every host", "PORT");
    value("--user", change.user, "new role", "ROLE");
    value("--dbname", change.dbname, "new database", "NAME");
    value("--password-file", into.password_file,
          "file with the new password; - is stdin. It is never an argument, and one newline at its end is "
          "left out",
          "FILE");
    several(
        "--set", [&change](std::string const& text) { set_parameter(change.set, text); },
        "another parameter of libpq, such as sslmode=require; may be repeated", "KEY=VALUE");
    several(
        "--unset", [&change](std::string const& text) { change.unset.insert(text); },
        "a parameter to take out; may be repeated", "KEY");
    value("--out", into.out,
          "write to this file with mode 0600 and no newline, in place of what is there, instead of to stdout",
          "FILE");
    flag("--no-newline", into.no_newline, "end stdout without a newline, as secret managers want it");
    flag("--show", into.show, "write to a terminal too, password and all");
    to.footer(
        "Reads DATABASE_URL, DATABASE_URL_FILE or the credential database_url if one is set, else stdin. "
        "A URI stays a URI, and keyword=value stays keyword=value. What changed is said on stderr, "
        "without secrets; with --json and --out on stdout. A result that a boot would refuse is not "
        "written, but for files and sockets that are missing on this machine alone; --accept CODE "
        "writes it all the same.");
}

} // namespace schemagate
