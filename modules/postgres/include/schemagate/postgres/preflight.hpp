// What a leader looks at before its first write: facts of the server, the role and the database that would
// make a migration fail, or end in the wrong place. Reads only, and judges nothing (that is the migrator's).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/postgres/foreign_ledger.hpp"
#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate::postgres {

/// A table of our history's shape in a schema that is not the one of this boot.
struct other_history
{
    std::string schema;
    /// Rows of this boot's catalog and target schema; nullopt where they could not be read (no right to, or
    /// somebody holds the table).
    std::optional<long long> rows{};
    /// Those of them whose checksum is one of this boot's scripts.
    long long known_rows = 0;
};

/// A setting that the session began with and that is not PostgreSQL's own default. Our session overrides it.
struct inherited_setting
{
    std::string name;
    std::string value;  ///< as one would write it: "1s"
    std::string origin; ///< "this role", "this database", …; "" for the server's configuration or the URL
};

struct preflight_facts
{
    int server_version = 0; ///< 150018
    bool in_recovery = false;
    bool read_only = false; ///< default_transaction_read_only
    std::string encoding;   ///< of the database: "UTF8"
    std::string database;
    std::string role;  ///< whom the statements of a migration run as
    std::string login; ///< who connected

    bool may_create_schema = false; ///< CREATE on the database
    bool history_schema_there = false;
    bool history_table_there = false;
    bool history_hides_rows = false;           ///< by row level security, from `role`
    bool may_create_in_history_schema = false; ///< CREATE and USAGE; false where it is not there
    bool target_schema_there = false;
    bool may_create_in_target_schema = false;
    bool may_use_target_schema = false; ///< without it an unqualified name never goes there

    std::vector<other_history> other_histories; ///< in order of name
    std::vector<foreign_ledger> foreign_ledgers;
    std::vector<inherited_setting> inherited;
    std::vector<lexer::relation_name> present; ///< those asked for that are there, with their schema
};

/// What to look for besides.
struct preflight_question
{
    std::vector<std::string> checksums;            ///< of the scripts of this boot
    std::vector<lexer::relation_name> relations{}; ///< no schema: the target schema
};

/// Asks as the role that will migrate, in a read-only transaction: one message, and a second one only where
/// another schema holds a history that this role may read. Throws sql_error, with the transaction rolled
/// back, for the first; what the second cannot read stays unknown.
[[nodiscard]] preflight_facts look_ahead(session& on, history_table const& table,
                                         preflight_question const& asked);

} // namespace schemagate::postgres
