// What a script asks of the transaction that it runs in (PostgreSQL documentation, "SET TRANSACTION").
#pragma once

#include <string>
#include <string_view>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

struct transaction_modes
{
    std::string isolation; ///< "SERIALIZABLE", "REPEATABLE READ", …; empty: none is named
    bool read_only = false;
    bool deferrable = false;
};

/// Those that BEGIN, START TRANSACTION, SET TRANSACTION or SET [LOCAL] transaction_isolation names. None of
/// another statement, nor of one that is not complete.
[[nodiscard]] transaction_modes transaction_modes_of(std::string_view script, statement const& s);

/// The isolation level that the first such statement of the script names: it has to be that of the
/// transaction from its beginning, since a level cannot change once a statement of ours has run. Empty: none.
[[nodiscard]] std::string isolation_level(std::string_view script);

} // namespace schemagate::lexer
