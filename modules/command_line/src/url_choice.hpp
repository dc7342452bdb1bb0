// Which connection string a command of `url` is about: that of the environment, another variable's, or
// stdin's.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"
#include "schemagate/secret_file.hpp"

namespace schemagate {

struct url_choice
{
    std::optional<std::string> variable; ///< to read (or its _FILE) instead of DATABASE_URL
    bool from_stdin = false;             ///< even if the variable is set

    [[nodiscard]] bool made() const { return variable || from_stdin; }
};

/// Adds --variable and --stdin to the subcommand, and their names to `words`.
void add_url_choice(CLI::App& to, url_choice& into, std::vector<std::string>& words);

/// One line of stdin. Throws failure{errc::url_refused} for more than that; `noun`: what it is to hold.
[[nodiscard]] secret_file read_stdin(std::string const& noun);

/// nullopt if stdin is a terminal, where what is typed is seen and kept, or holds nothing.
[[nodiscard]] std::optional<database_url_text> url_on_stdin();

/// The one that was chosen; only if one was. Throws failure{errc::url_refused}, and usage_error for two.
[[nodiscard]] database_url_text chosen_url(url_choice const& choice, place const& where);

/// The settings that judge a URL, and no URL of the environment, which may be the one that is to be mended.
/// `flags`: variable's name → value. Throws failure{errc::setting_invalid}.
[[nodiscard]] url_policy policy_without_url(std::map<std::string, std::string> flags, place const& where);

} // namespace schemagate
