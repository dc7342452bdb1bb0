#include "schemagate/detach_statement.hpp"

#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {

std::optional<detach_statement> read_detach_statement(std::string_view statement)
{
    constexpr std::size_t enough = 24; // names of three parts, escapes included
    auto const tokens =
        first_tokens(statement, {.length = static_cast<std::uint32_t>(statement.size())}, enough);
    auto head = statement_head{tokens};
    if (!head.take_all({"alter", "table"})) {
        return std::nullopt;
    }
    head.take_all({"if", "exists"});
    head.take("only");
    detach_statement found;
    found.table = head.take_relation();
    head.take_symbol('*');
    if (!head.take_all({"detach", "partition"})) {
        return std::nullopt;
    }
    found.partition = head.take_relation();
    if (!head.take("concurrently") || found.table.name.empty() || found.partition.name.empty()) {
        return std::nullopt;
    }
    return found;
}

} // namespace schemagate::lexer
