// libpq as the judge of what a connection string means. Its own words are never passed on: they quote the
// text, password included.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/connection_settings.hpp"

namespace schemagate::url {

struct libpq_keyword
{
    std::string keyword;
    std::string variable; ///< environment variable that serves it, or ""
    std::string fallback; ///< libpq's own default, or ""
    bool secret = false;  ///< libpq itself would not show it ("dispchar" is "*")
};

/// Every keyword that the linked libpq knows.
[[nodiscard]] std::vector<libpq_keyword> const& libpq_keywords();
[[nodiscard]] libpq_keyword const* find_keyword(std::string_view keyword);

/// What the text itself sets (environment and service not applied), or nullopt if libpq refuses it. A NUL in
/// the text is refused too: libpq would stop reading there.
[[nodiscard]] std::optional<std::vector<connection_parameter>> libpq_parse(std::string const& text);

/// What libpq says of the text, with this process's environment and service files, before it connects to
/// anything: every value is validated as PQconnectStart() does it. False if it would refuse.
[[nodiscard]] bool libpq_would_connect(std::vector<connection_parameter> const& set);

/// As above, for a connection service alone.
[[nodiscard]] bool libpq_finds_service(std::string const& name);

/// Folder of the Unix socket where no host is named.
[[nodiscard]] std::string_view default_socket_folder();

/// 150018 for 15.18.
[[nodiscard]] int libpq_version();

} // namespace schemagate::url
