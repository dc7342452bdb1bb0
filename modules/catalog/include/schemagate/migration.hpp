// One script of the catalog: what its file name, its leading comment and its bytes say.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/version.hpp"

namespace schemagate {

/// What the embedding tool knows of one script; the generated manifest is an array of these. The views point
/// into the binary (or into the folder's storage) and live as long as the catalog that is made of them.
struct script
{
    std::string_view file;       ///< "0001_enterprise_prompt_system_phase1.sql"
    std::string_view text;       ///< the canonical bytes: what is hashed, sent and diagnosed
    std::string_view checksum{}; ///< lower-case hex SHA-256 of `text`; computed by the catalog if empty
    std::string_view check{};    ///< canonical bytes of the twin in checks/, empty if there is none
    bool transactional = true;   ///< false: runs outside a transaction, statement by statement
    /// Of a repeatable script: the checksums of its released texts up to this one, one a line, oldest first;
    /// empty where this text is not released.
    std::string_view released{};
};

/// `-- schemagate: adopts <schema.table> <column>=<value>`: the row of an older tool's ledger that stands for
/// this migration.
struct adoption
{
    std::string table;
    std::string column;
    std::string value;

    friend bool operator==(adoption const&, adoption const&) = default;
};

/// The directives of a script's leading comment (PROTOCOL.md, "Script files").
struct directives
{
    bool no_transaction = false;
    bool own_transactions = false;
    bool only_job = false;
    bool allow_out_of_order = false;
    std::optional<std::chrono::milliseconds> lock_timeout;
    std::optional<std::chrono::milliseconds> statement_timeout;
    std::optional<version> breaks_older_than;
    std::optional<version> only_if_adopted;
    std::optional<adoption> adopts;
    std::vector<std::string> allowed; ///< "rule: reason" of each `allow`

    friend bool operator==(directives const&, directives const&) = default;
};

/// Reads `-- schemagate: …` lines from the comment a script begins with. Throws failure{errc::script_refused}
/// with `file` and the line for an unknown directive or a value that does not parse.
[[nodiscard]] directives read_directives(std::string_view file, std::string_view text);

struct directive_problem
{
    std::size_t line = 1;
    std::string message;
};

/// The same for those who show every problem instead of the first; what is wrong is left out of the result.
[[nodiscard]] directives read_directives(std::string_view text, std::vector<directive_problem>& problems);

/// One sentence for each directive that makes no sense in a repeatable script: it has no version to come late
/// or to break a binary with, and stands for no row of an older tool.
[[nodiscard]] std::vector<std::string> unfit_for_repeatable(directives const& wanted);

/// A script of the catalog: versioned (run once) or repeatable (R_…: run again whenever its text changed).
struct migration
{
    std::optional<schemagate::version> version; ///< none: a repeatable script
    std::string description;                    ///< "enterprise_prompt_system_phase1"
    std::string name;                           ///< the file name without ".sql"
    std::string_view text;
    std::string checksum;
    std::string_view check;
    /// false: a statement that PostgreSQL refuses inside a transaction, or the directive no-transaction or
    /// own-transactions.
    bool transactional = true;
    std::string_view released; ///< as script::released
    schemagate::directives directives;

    [[nodiscard]] bool repeatable() const noexcept { return !version; }

    /// What stands in the history's column `version`: the version as written, or a repeatable's description.
    [[nodiscard]] std::string recorded_version() const { return version ? version->text() : description; }
};

} // namespace schemagate
