// What libpq will really do with a DATABASE_URL: the effective values, and the two forms in which others of
// our modules hand them on.
#pragma once

#include <string>
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

    /// "10.240.0.3:5432" or "socket /cloudsql/P:R:I/.s.PGSQL.5432": for messages.
    [[nodiscard]] std::string where() const;

    /// The same settings as "postgresql:///?host=…&user=…", every byte outside [A-Za-z0-9] percent-encoded
    /// and `extra` appended or overriding. This is the form that passes SOCI's factory untouched: it tears
    /// bare URLs and quoted keyword/value strings apart.
    [[nodiscard]] secret soci_url(std::vector<connection_parameter> const& extra = {}) const;
};

} // namespace schemagate
