#include "schemagate/postgres/schema_snapshot.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "schemagate/postgres/migration_transaction.hpp"
#include "snapshot_queries.hpp"

namespace schemagate::postgres {
namespace {

struct line
{
    int kind = 0;
    std::string object;
    int part = 0;
    std::string order;
    std::string text;

    friend auto operator<=>(line const&, line const&) = default;
};

// What the server's text of an expression depends on (PostgreSQL documentation, "20.11 Client Connection
// Defaults"), and how long it may take.
constexpr auto opening =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog;"
    " SET LOCAL quote_all_identifiers = off; SET LOCAL standard_conforming_strings = on;"
    " SET LOCAL client_encoding = 'UTF8'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = "
    "'postgres';"
    " SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';"
    " SET LOCAL xmlbinary = 'base64'; SET LOCAL lc_monetary = 'C'; SET LOCAL statement_timeout = '60s';"
    " SET LOCAL lock_timeout = '10s'; ";

snapshot_filter filter_for(connection const& on, snapshot_scope const& scope)
{
    snapshot_filter filter;
    filter.server_version = on.server_version();
    filter.schemas = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
    auto const history = "n.nspname = " + on.literal(scope.history_schema);
    if (scope.history_schema == scope.target_schema) {
        filter.relations =
            filter.schemas + " AND NOT (" + history + " AND c.relname IN ('history', 'object'))";
    }
    else {
        filter.schemas += " AND NOT " + history;
        filter.relations = filter.schemas;
    }
    filter.relations += " AND " + snapshot_filter::no_member("pg_class", "c.oid");
    return filter;
}

std::vector<line> lines_of(connection& on, std::vector<std::string> const& queries)
{
    std::string message = opening;
    for (auto const& query : queries) {
        message += query + "; ";
    }
    std::vector<line> lines;
    try {
        for (auto const& result : on.execute(message + "COMMIT")) {
            for (auto const& row : result.rows) {
                lines.push_back({std::stoi(row.at(0).value_or("0")), row.at(1).value_or(""),
                                 std::stoi(row.at(2).value_or("0")), row.at(3).value_or(""),
                                 row.at(4).value_or("")});
            }
        }
    }
    catch (...) {
        roll_back(on);
        throw;
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

void append(std::string& text, std::string const& line)
{
    for (char const c : line) {
        if (c == '\n') {
            text += "\n    |";
        }
        else if (c == '\r') {
            text += "\\r";
        }
        else {
            text += c;
        }
    }
    text += '\n';
}

} // namespace

std::string snapshot_filter::no_member(std::string const& of, std::string const& oid)
{
    return "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '" + of +
           "'::regclass AND e.objid = " + oid + " AND e.deptype = 'e')";
}

std::string schema_snapshot(connection& on, snapshot_scope const& scope)
{
    auto const filter = filter_for(on, scope);
    auto queries = other_queries(filter);
    auto const of_relations = relation_queries(filter);
    queries.insert(queries.end(), of_relations.begin(), of_relations.end());
    auto text = "-- The schema as PostgreSQL " + std::to_string(on.server_version() / 10000) +
                " shows it: compared, never run.\n";
    for (auto const& each : lines_of(on, queries)) {
        text += each.part == rank::head ? "\n" : "  ";
        append(text, each.text);
    }
    return text;
}

} // namespace schemagate::postgres
