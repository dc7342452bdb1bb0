#include "schemagate/postgres/object_record.hpp"

namespace schemagate::postgres {

std::vector<std::string> unrecorded_relations(connection& on, history_table const& table,
                                              std::vector<lexer::relation_name> const& names)
{
    std::string list;
    for (auto const& each : names) {
        list += (list.empty() ? "(" : ", (") +
                on.literal(each.schema.empty() ? table.target_schema() : each.schema) + ", " +
                on.literal(each.name) + ")";
    }
    if (list.empty()) {
        return {};
    }
    auto const answer =
        on.execute("SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE (n.nspname::pg_catalog.text, c.relname::pg_catalog.text) IN (" +
                   list + ") AND NOT c.relispartition AND NOT EXISTS (SELECT FROM " +
                   table.qualified(on, "object") + " WHERE " + table.mine(on) + ") ORDER BY 1");
    std::vector<std::string> found;
    for (auto const& row : answer.at(0).rows) {
        found.push_back(row.at(0).value_or(""));
    }
    return found;
}

} // namespace schemagate::postgres
