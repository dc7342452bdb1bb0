// schemagate.history: one row per applied script (PROTOCOL.md, "History").
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/catalog_name.hpp"
#include "schemagate/history.hpp"
#include "schemagate/migration.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate::postgres {

/// The newest row: what a plan was made from, and what must still be true when a migration of that plan
/// commits.
struct history_tail
{
    std::int64_t last_id = 0; ///< 0: there is none
    friend bool operator==(history_tail const&, history_tail const&) = default;
};

/// What the row of one migration records besides the migration itself.
struct history_entry
{
    migration const* applied = nullptr;
    std::string kind = "versioned"; ///< or "repeatable"; "adopted", "not-needed": recorded, not run
    std::string set_digest;
    std::string application;
    std::string application_version;
    std::string host;
    std::chrono::milliseconds lock_wait{0};
    int retries = 0;
};

/// The rows of one catalog and target schema. Always named in full: a search_path cannot make us read or
/// write another table of the same name.
class history_table
{
public:
    history_table(std::string schema, std::string catalog, std::string target_schema);

    [[nodiscard]] std::string const& schema() const noexcept { return schema_; }
    [[nodiscard]] std::string const& catalog() const noexcept { return catalog_; }
    [[nodiscard]] std::string const& target_schema() const noexcept { return target_schema_; }
    /// `"schemagate"."history"`
    [[nodiscard]] std::string qualified(connection const& on, std::string const& table) const;
    /// `catalog = '…' AND target_schema = '…'`
    [[nodiscard]] std::string mine(connection const& on) const;
    /// What follows FROM for the newest row: of any length of the history at the same cost.
    [[nodiscard]] std::string newest_row(connection const& on) const;

    /// Whether row level security hides from the current role every row that mine() means of `table`, which
    /// is there: no row is seen, and no policy shows them all.
    [[nodiscard]] std::string hides_rows_sql(connection const& on, std::string const& table) const;

    [[nodiscard]] bool exists(connection& on) const;
    [[nodiscard]] std::string is_there_sql(connection const& on) const; ///< an expression
    /// SQL that makes the schema, where it is not there, and its tables; nullopt: they are there. Under the
    /// lock only: CREATE … IF NOT EXISTS is not safe against another session that does the same.
    [[nodiscard]] std::optional<std::string> create_sql(connection& on) const;

    /// Whether its tables are as this release makes them; complete() adds the columns that an earlier one
    /// lacked and drops the constraints that it had, in the transaction that is open on `on`.
    [[nodiscard]] bool is_complete(connection& on) const;
    void complete(connection& on) const;

    [[nodiscard]] history read(connection& on) const;
    [[nodiscard]] history_tail tail(connection& on) const;
    [[nodiscard]] std::string rows(connection& on) const; ///< how many

    /// Takes out the row of a script that was begun and of which no statement is done, in the transaction
    /// that is open on `on`. Any other row stays.
    void forget_begun(connection& on, std::int64_t id) const;

    /// What other catalogs have recorded in the same target schema, in its order; repeatable scripts left
    /// out.
    [[nodiscard]] std::vector<script_elsewhere> scripts_elsewhere(connection& on) const;

    /// Names of other catalogs that have rows here, comma-separated; empty if there are none.
    [[nodiscard]] std::string other_catalogs(connection& on) const;

    /// Whether this role may read the history and the record of objects.
    [[nodiscard]] bool readable_by(connection& on, std::string const& role) const;
    /// USAGE on the schema and SELECT on its tables, in the transaction that is open on `on`.
    void grant_reading(connection& on, std::string const& role) const;

    /// SQL that marks every row that is not yet.
    [[nodiscard]] std::string mark_verified_sql(connection const& on) const;

private:
    std::string schema_;
    std::string catalog_;
    std::string target_schema_;
};

/// Whether row level security holds for the current role on the table with this OID, and none of its policies
/// shows every row. The owner is exempt (but for FORCE), as are superusers and roles with BYPASSRLS.
[[nodiscard]] std::string row_security_sql(std::string const& oid);

/// Whether the ledger of an older tool has the row that an `adopts` directive names.
[[nodiscard]] bool holds_adoptable_row(connection& on, adoption const& ledger);

/// A row's tail, as a history that was read shows it.
[[nodiscard]] history_tail tail_of(history const& rows);

} // namespace schemagate::postgres
