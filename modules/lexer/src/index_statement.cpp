#include "schemagate/index_statement.hpp"

#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

std::optional<index_statement> read_create(statement_head head)
{
    index_statement found;
    found.unique = head.take("unique");
    if (!head.take("index")) {
        return std::nullopt;
    }
    found.concurrently = head.take("concurrently");
    found.if_not_exists = head.take_all({"if", "not", "exists"});
    auto name = head.at_word("on") ? relation_name{} : head.take_relation();
    if (!head.take("on")) {
        return std::nullopt;
    }
    head.take("only");
    found.table = head.take_relation();
    if (found.table.name.empty() || head.at_end()) {
        return std::nullopt;
    }
    found.definition = head.front().offset;
    name.schema = found.table.schema;
    found.names.push_back(std::move(name));
    return found;
}

std::optional<index_statement> read_drop(statement_head head)
{
    if (!head.take("index")) {
        return std::nullopt;
    }
    index_statement found{.action = index_action::drop};
    found.concurrently = head.take("concurrently");
    found.if_exists = head.take_all({"if", "exists"});
    do {
        found.names.push_back(head.take_relation());
        if (found.names.back().name.empty()) {
            return std::nullopt;
        }
    } while (head.take_symbol(','));
    return found;
}

std::optional<index_statement> read_reindex(statement_head head)
{
    index_statement found;
    found.concurrently = head.take_group().option("concurrently").value_or(false);
    auto const of_index = head.take("index");
    auto const of_table = !of_index && head.take("table");
    auto const of_schema = !of_index && !of_table && head.take("schema");
    if (!of_index && !of_table && !of_schema && !head.take_any({"database", "system"})) {
        return std::nullopt;
    }
    found.concurrently = head.take("concurrently") || found.concurrently;
    auto name = head.take_relation();
    if (of_index || of_table) {
        if (name.name.empty()) {
            return std::nullopt;
        }
        found.action = of_index ? index_action::reindex_index : index_action::reindex_table;
        if (of_table) {
            found.table = std::move(name);
        }
        else {
            found.names.push_back(std::move(name));
        }
        return found;
    }
    found.action = of_schema ? index_action::reindex_schema : index_action::reindex_database;
    if (of_schema) {
        if (name.name.empty()) {
            return std::nullopt;
        }
        found.names.push_back({std::move(name.name), ""});
    }
    return found;
}

} // namespace

std::optional<index_statement> read_index_statement(std::string_view statement)
{
    constexpr std::size_t enough = 4096; // DROP INDEX names any number; other names stand in front
    auto const tokens =
        first_tokens(statement, {.length = static_cast<std::uint32_t>(statement.size())}, enough);
    auto head = statement_head{tokens};
    if (head.take("create")) {
        return read_create(head);
    }
    if (head.take("drop")) {
        return read_drop(head);
    }
    return head.take("reindex") ? read_reindex(head) : std::nullopt;
}

} // namespace schemagate::lexer
