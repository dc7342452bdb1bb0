// How parts of a connection string are shown. Each function masks a value that may have caught a piece of the
// password: by its shape, never by comparing it with the password.
#pragma once

#include <string>
#include <string_view>

#include "schemagate/safe_text.hpp"

namespace schemagate::url {

inline constexpr auto mask = std::string_view{"***"};

[[nodiscard]] std::string shown_host(std::string_view host); ///< name, address or socket folder
[[nodiscard]] std::string shown_port(std::string_view port);
[[nodiscard]] std::string shown_user(std::string_view user);
[[nodiscard]] std::string shown_database(std::string_view dbname);
/// Of a file that a parameter names: a word without a folder or a usual ending may be anything.
[[nodiscard]] std::string shown_path(std::string_view path);
/// The file that X_FILE or --password-file names: a word without "/" and "." may be the secret itself.
[[nodiscard]] std::string shown_file(std::string_view path);
[[nodiscard]] std::string shown_value(std::string_view keyword, std::string_view value);

/// A word or number that a parameter may have, or a slip of one: no password.
[[nodiscard]] bool telling_word(std::string_view value);

/// A keyword whose value is a secret, or names one: pass, pwd, secret, token, key.
[[nodiscard]] bool secret_keyword(std::string_view keyword);

/// A keyword that nobody would take for a piece of a password: letters and "_", not too long.
[[nodiscard]] bool harmless_keyword(std::string_view keyword);

} // namespace schemagate::url
