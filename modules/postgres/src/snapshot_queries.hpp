// The queries that a snapshot is made of. Each gives lines of blocks, in five columns:
// rank of the block's kind · name of its object · rank of the line · order among those · the line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagate::postgres {

/// SQL conditions that say what a snapshot holds.
struct snapshot_filter
{
    std::string schemas;    ///< of the schema n
    std::string relations;  ///< of the relation c, in the schema n
    int server_version = 0; ///< 150018

    /// That object `oid` of the catalog `of` belongs to no extension.
    [[nodiscard]] static std::string no_member(std::string const& of, std::string const& oid);
};

/// Ranks of blocks and of lines in them.
namespace rank {
constexpr int schema = 1, extension = 2, server = 3, collation = 4, type = 5, sequence = 6, table = 7,
              view = 8, function = 9, event_trigger = 10;
constexpr int head = 0, attribute = 1, column = 2, constraint = 3, index = 4, trigger = 5, rule = 6,
              policy = 7, statistics = 8, definition = 9, comment = 10, grant = 11;
} // namespace rank

/// Where grants stand: a query that gives (rank, name, acl, owner), and the kind that acldefault() knows.
[[nodiscard]] std::string grants_query(std::string const& objects, char kind);

[[nodiscard]] std::vector<std::string> relation_queries(snapshot_filter const& filter);
[[nodiscard]] std::vector<std::string> other_queries(snapshot_filter const& filter);

} // namespace schemagate::postgres
