// What libpq will really do with a DATABASE_URL: the effective values, and the two forms in which others of
// our modules hand them on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemagate/secret.hpp"

namespace schemagate {

enum class transport
{
    tcp,
    socket
};

struct endpoint
{
    std::string host; ///< host name, address, or the socket's folder
    std::string port; ///< as libpq will use it; "5432" when nothing names one
    schemagate::transport transport = schemagate::transport::tcp;
    std::string hostaddr{}; ///< the address that libpq connects to instead of looking host up, or ""
};

/// Parts of a connection string that may have caught a piece of its password (src/doubt.hpp). They are shown
/// as "***".
struct hidden_parts
{
    bool user = false;
    bool hosts = false;
    bool ports = false;
    bool dbname = false;
    bool values = false; ///< of all other parameters

    [[nodiscard]] bool hides(std::string_view keyword) const;
    static constexpr hidden_parts all() { return {true, true, true, true, true}; }
    friend bool operator==(hidden_parts const&, hidden_parts const&) = default;
};

/// One keyword of libpq (PostgreSQL documentation, "34.1.2 Parameter Key Words") with its value. All values
/// are held as secrets, since any of them may have caught a part of the password.
struct connection_parameter
{
    std::string keyword;
    secret value;
};

/// Only check() makes a filled one, from a text it has judged.
struct connection_settings
{
    std::vector<endpoint> endpoints;              ///< at least one
    std::string user;                             ///< effective: URL, PGUSER, or the account's name
    std::string dbname;                           ///< effective: URL, PGDATABASE, or the user's name
    std::string sslmode;                          ///< effective: URL, PGSSLMODE, or libpq's default "prefer"
    std::vector<connection_parameter> parameters; ///< what the text itself sets; libpq adds the rest
    std::string redacted;                         ///< postgresql://user:***@host:port/db?…, safe to show
    hidden_parts hidden;                          ///< what the functions below mask

    // For messages and logs: a part, or "***" where it may hold a piece of the password.
    [[nodiscard]] std::string shown_user() const;
    [[nodiscard]] std::string shown_dbname() const;
    [[nodiscard]] std::string shown_host(endpoint const& one) const;
    [[nodiscard]] std::string shown_port(endpoint const& one) const;

    /// "10.240.0.3:5432" or "socket /cloudsql/P:R:I/.s.PGSQL.5432": for messages.
    [[nodiscard]] std::string where() const;

    /// The same settings as "postgresql:///?host=…&user=…", every byte outside [A-Za-z0-9] percent-encoded
    /// and `extra` appended or overriding. This is the form that passes SOCI's factory untouched: it tears
    /// bare URLs and quoted keyword/value strings apart.
    [[nodiscard]] secret soci_url(std::vector<connection_parameter> const& extra = {}) const;
};

} // namespace schemagate
