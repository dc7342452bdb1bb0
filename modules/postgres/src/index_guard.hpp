// Watches over the index that a step builds: it is not recorded as done while that is not valid.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "migration_sql.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

class index_guard
{
public:
    /// The statement that was to build it has ended without an error.
    void built(lexer::index_statement index) { built_ = std::move(index); }

    /// Sends a message of ours if what was built last is valid; nothing of it runs otherwise. Throws as
    /// execute_ours(), and index_busy(): IF NOT EXISTS has passed over what another session builds.
    std::vector<statement_result> execute(connection& on, migration_sql const& sql,
                                          std::function<std::string()> const& message);

private:
    [[nodiscard]] std::string required(connection const& on, migration_sql const& sql) const;

    std::optional<lexer::index_statement> built_;
};

} // namespace schemagate::postgres
