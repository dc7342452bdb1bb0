#include "url_choice.hpp"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <unistd.h>

#include "arguments.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/settings.hpp"
#include "setting_flags.hpp"

namespace schemagate {
namespace {

// Other texts in this place may be a password that was given by mistake.
bool is_variable_name(std::string const& name)
{
    return !name.empty() &&
           name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
}

failure missing(std::string message, std::string fix)
{
    return failure{errc::url_refused, std::move(message), std::move(fix)}.with_finding("url-missing");
}

} // namespace

void add_url_choice(CLI::App& to, url_choice& into, std::vector<std::string>& words)
{
    to.add_option_function<std::string>(
          "--variable", [&into](std::string const& text) { into.variable = text; },
          "variable to read (or its _FILE) instead of DATABASE_URL")
        ->type_name("NAME");
    to.add_flag("--stdin", into.from_stdin, "read the URL from stdin, even if DATABASE_URL is set");
    words.insert(words.end(), {"--variable", "--stdin"});
}

secret_file read_stdin(std::string const& noun)
{
    std::string bytes(secret_size_max + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        auto const count = ::read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
        if (count == 0 || (count < 0 && errno != EINTR)) {
            break;
        }
        size += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    bytes.resize(size);
    return secret_of_one_line(secret{std::move(bytes)}, "stdin", noun);
}

std::optional<database_url_text> url_on_stdin()
{
    if (::isatty(STDIN_FILENO) == 1) {
        return std::nullopt;
    }
    auto read = read_stdin("the connection string");
    if (read.text.empty()) {
        return std::nullopt;
    }
    return database_url_text{std::move(read.text), "stdin", std::move(read.findings)};
}

database_url_text chosen_url(url_choice const& choice, place const& where)
{
    if (choice.from_stdin && choice.variable) {
        throw usage_error{"--stdin and --variable name two connection strings; give one of them."};
    }
    if (choice.from_stdin) {
        if (auto found = url_on_stdin()) {
            return std::move(*found);
        }
        throw missing("There is no connection string on stdin.",
                      "Pipe it in (never as an argument), for example from gcloud secrets versions access.");
    }
    auto const name = choice.variable.value_or("DATABASE_URL");
    if (auto found = read_database_url(where, name); found && !found->text.empty()) {
        return std::move(*found);
    }
    auto const shown = is_variable_name(name);
    throw missing(shown ? name + " is not set, nor is " + name + "_FILE."
                        : "The variable of --variable is not set, nor is its _FILE.",
                  "Set " + (shown ? name + "_FILE" : std::string{"NAME_FILE"}) +
                      "=/path of a file that holds it, or pipe it in with --stdin (never as an argument).");
}

url_policy policy_without_url(std::map<std::string, std::string> flags, place const& where)
{
    for (auto const* const name : {"DATABASE_URL", "DATABASE_URL_FILE", "CREDENTIALS_DIRECTORY",
                                   "MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE"}) {
        flags[name] = "";
    }
    place_with_flags const around{where, std::move(flags)};
    try {
        return settings::from_environment(around).url;
    }
    catch (failure const& f) {
        throw around.in_terms_of_flags(f);
    }
}

} // namespace schemagate
