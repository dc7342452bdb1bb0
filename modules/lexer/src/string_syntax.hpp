// Follows standard_conforming_strings through a script: how the next statement's '…' is read.
#pragma once

#include <span>

#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {

/// Begins with the setting on, as every session of ours does, and takes every statement to succeed. SET LOCAL
/// lasts until the script's next COMMIT or ROLLBACK; a ROLLBACK takes back what its block set; ROLLBACK TO
/// SAVEPOINT and what functions and DO blocks set are not seen.
class string_syntax
{
public:
    /// The statement that `tokens` begin has run; those of a long one may be cut off.
    void follow(statement_kind kind, std::span<token const> tokens);

    [[nodiscard]] bool backslash_escapes() const noexcept { return current_; }

private:
    void set(std::optional<bool> conforming, bool local);

    bool current_ = false;  ///< what holds now
    bool session_ = false;  ///< what holds behind the transaction, if it is committed
    bool at_begin_ = false; ///< and if it is rolled back
};

} // namespace schemagate::lexer
