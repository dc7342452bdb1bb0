// Which server and database a connection has reached, to compare two of them.
#pragma once

#include <string>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

struct server_identity
{
    /// Of the cluster (pg_control_system(): made by initdb, shared by a primary and its standbys); empty
    /// where the role may not ask.
    std::string system_identifier;
    std::string database;
    std::string role; ///< current_user
    bool in_recovery = false;
    bool read_only = false; ///< default_transaction_read_only
};

/// Throws sql_error.
[[nodiscard]] server_identity identify(connection& on);

/// False only where both are known and differ.
[[nodiscard]] bool same_database(server_identity const& a, server_identity const& b) noexcept;

} // namespace schemagate::postgres
