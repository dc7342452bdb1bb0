// Step 2 of the boot: text + place → connection settings, or a diagnosis with its fix.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/connection_settings.hpp"
#include "schemagate/finding.hpp"
#include "schemagate/place.hpp"
#include "schemagate/secret.hpp"

namespace schemagate {

/// Where the text came from, for messages: "DATABASE_URL", "DATABASE_URL_FILE=/run/secrets/url",
/// "the credential database_url".
struct database_url_text
{
    secret text;
    std::string source;
    std::vector<finding> findings; ///< of reading it: trimmed newline, …; one that refuses: there is no text
    std::string file{};            ///< where it was read from a file: its path, else ""
};

/// Reads `<name>`, `<name>_FILE`, then (for DATABASE_URL) $CREDENTIALS_DIRECTORY/database_url (PROTOCOL.md,
/// "Settings"). nullopt if none is set at all; an empty DATABASE_URL is returned as an empty text, for
/// check() to explain. Throws failure{errc::url_refused} if both of the first two are set, or the file cannot
/// be read (secret_file.hpp).
[[nodiscard]] std::optional<database_url_text> read_database_url(place const& where,
                                                                 std::string const& name = "DATABASE_URL");

/// SCHEMAGATE_CONNECTION: which of the two methods this place can serve.
enum class connection_method
{
    any,
    tcp,
    socket
};

/// SCHEMAGATE_TLS: what is asked of TCP to a host that is not local.
enum class tls_policy
{
    warn,    ///< TLS that is not required is a warning
    require, ///< … is refused: sslmode has to be require, verify-ca or verify-full
    verify   ///< the server's certificate has to be verified: verify-ca or verify-full
};

struct url_policy
{
    connection_method connection = connection_method::any;
    std::set<std::string> accept;      ///< SCHEMAGATE_ACCEPT: codes turned from refuse into warn
    tls_policy tls = tls_policy::warn; ///< SCHEMAGATE_TLS
};

enum class verdict
{
    ok,
    warning,
    error
};
[[nodiscard]] std::string_view name(verdict v) noexcept; ///< "ok", "warning", "error"

struct url_diagnosis
{
    schemagate::verdict verdict = schemagate::verdict::ok;
    std::vector<finding> findings;                ///< the worst first
    std::optional<connection_settings> effective; ///< unless the text cannot be read at all
    std::string redacted;                         ///< the text with everything secret masked; safe to show
    hidden_parts hidden; ///< which parts of it may have caught a piece of the password
};

/// Judges the text as libpq 15 will read it (its parser is the judge; ours only finds positions and mistakes)
/// in the place it runs in. Touches no network. Never throws for the text's content.
///
/// A finding refuses only if libpq could not have reached the intended database, or the text is ambiguous
/// enough to send the password to a wrong host. The rules: src/url_check.cpp.
[[nodiscard]] url_diagnosis check(database_url_text const& url, place const& where, url_policy const& policy);

/// check(), and the settings; throws failure{errc::url_refused} with the first refusing finding's code,
/// message and fix if the verdict is `error`.
[[nodiscard]] connection_settings require_usable(url_diagnosis const& diagnosis);

/// Masks whatever may be secret in a connection string of any shape, also one that does not parse:
/// the rules are in src/redact.cpp. Control bytes are escaped.
[[nodiscard]] std::string redact(std::string_view text);

/// For texts of libpq, SOCI and the server, before they are shown: every occurrence of the password (raw,
/// percent-encoded, decoded) becomes ***, control bytes are escaped. The second line of defence: by position
/// comes first.
[[nodiscard]] std::string scrub(std::string_view text, connection_settings const& settings);

/// The hint that belongs to a failed attempt to connect, or "": from the SQLSTATE ("28P01") or, where there
/// is none, from libpq's text.
[[nodiscard]] std::string connect_hint(connection_settings const& settings, place const& where,
                                       std::string_view sqlstate, std::string_view libpq_text);

} // namespace schemagate
