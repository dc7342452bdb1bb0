// Watches over the indexes that a script builds: none is recorded as done that is not valid.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migration_sql.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

class index_guard
{
public:
    explicit index_guard(std::string_view script) : script_{script} {}

    /// Before the script: an answer to invalid_oids_sql. Those are not its doing.
    void known_before(statement_result const& answer);

    /// The statement that begins at this index of the script was to build it.
    void built(lexer::index_statement index, std::size_t at) { built_ = {std::move(index), at}; }

    /// Sends a message of ours if what was built last is valid and, if `all`, no other index is invalid that
    /// was not before; nothing of it runs otherwise. Throws as execute_ours(), and index_left_invalid.
    std::vector<statement_result> execute(connection& on, migration_sql const& sql, bool all,
                                          std::function<std::string()> const& message);

private:
    [[nodiscard]] std::string required(connection const& on, migration_sql const& sql, bool all) const;
    void refuse(connection& on) const;

    struct built_index
    {
        lexer::index_statement index;
        std::size_t at;
    };

    std::string_view script_;
    std::string before_ = "0"; // oids
    std::optional<built_index> built_;
};

} // namespace schemagate::postgres
