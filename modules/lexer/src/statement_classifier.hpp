// Which statements end a transaction, cannot run inside one, or bring data with them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {

/// Classifies the statements of one script, in their order.
class statement_classifier
{
public:
    [[nodiscard]] statement_kind classify(std::span<token const> tokens);

private:
    [[nodiscard]] statement_kind alter(statement_head head);
    [[nodiscard]] statement_kind alter_subscription(statement_head head);
    [[nodiscard]] statement_kind drop(statement_head head) const;

    /// Subscriptions whose slot the script has taken off: only these can be dropped inside a transaction.
    std::vector<std::string> without_slot_;
};

} // namespace schemagate::lexer
