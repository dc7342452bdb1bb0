// argv, understood.
#pragma once

#include <exception>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/command_line.hpp"
#include "schemagate/rewrite.hpp"
#include "url_choice.hpp"

namespace schemagate {

enum class command
{
    show_text,
    serve,
    migrate,
    status,
    plan,
    verify,
    url_check,
    url_rewrite,
    own ///< one of the host's
};

/// What `url rewrite` was asked for.
struct rewrite_request
{
    url_change change;                        ///< without the password
    std::optional<std::string> password_file; ///< "-" is stdin
    std::optional<std::string> out;           ///< the file to write; else stdout
    bool show = false;
    bool no_newline = false;
};

struct arguments
{
    schemagate::command command = schemagate::command::serve;
    std::string text; ///< what `show_text` prints: --help, --version
    bool json = false;
    bool dry_run = false;
    std::optional<std::string> to;
    std::optional<std::string> from;
    std::optional<std::string> catalog;
    std::optional<std::string> host;
    std::optional<std::string> port;
    rewrite_request rewrite;
    url_choice which;                         ///< of `url check` and `url rewrite`
    std::map<std::string, std::string> flags; ///< of settings: variable's name → value
    host_command const* own = nullptr;        ///< the host's command, and the words that follow it
    std::vector<std::string> own_words;
};

/// The command line is wrong: one sentence for stderr, exit 64. Holds no argument that may be a secret.
class usage_error : public std::exception
{
public:
    explicit usage_error(std::string message) : message_{std::move(message)} {}
    [[nodiscard]] char const* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// Throws usage_error.
[[nodiscard]] arguments parse_arguments(command_line const& host, int argc, char const* const* argv);

/// Throws usage_error for an argument that looks like a connection string or a password, without showing it,
/// and for `--name=` (which CLI11 would fill with the next argument).
void guard_arguments(int argc, char const* const* argv);

/// The sentence about an argument that nothing takes: shown only if it is a near miss of a known word,
/// because anything else may be a password.
[[nodiscard]] std::string unexpected_argument(std::string const& argument,
                                              std::vector<std::string> const& known);

} // namespace schemagate
