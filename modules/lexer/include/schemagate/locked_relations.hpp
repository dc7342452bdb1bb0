// Which existing tables, views and indexes a script will lock: whose users would have to wait, and for whom
// the script would have to.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "schemagate/created_relations.hpp"

namespace schemagate::lexer {

struct locked_relation
{
    locked_relation(relation_name which, bool from_readers = true)
        : relation{std::move(which)}, exclusive{from_readers}
    {}

    relation_name relation;
    bool exclusive; ///< ACCESS EXCLUSIVE: readers wait as well; false where only writers do, or perhaps only
                    ///< they

    friend bool operator==(locked_relation const&, locked_relation const&) = default;
};

/// The relations on which the script's statements take a lock that conflicts with reading or writing (SHARE,
/// SHARE ROW EXCLUSIVE, EXCLUSIVE, ACCESS EXCLUSIVE; PostgreSQL documentation, "13.3 Explicit Locking"), each
/// once, in order, with the stronger of its locks. Left out are those that the script has made before by a
/// CREATE without IF NOT EXISTS and without OR REPLACE, as it names them.
///
/// Seen are: ALTER of tables, views, indexes and sequences; DROP of the same; TRUNCATE; LOCK; CREATE INDEX
/// and REINDEX without CONCURRENTLY; CREATE, ALTER and DROP of triggers, rules and policies; REFERENCES;
/// PARTITION OF; ATTACH and DETACH PARTITION; CREATE OR REPLACE VIEW; CLUSTER; VACUUM FULL; REFRESH
/// MATERIALIZED VIEW. Left out because their lock lets others read and write: ALTER TABLE … VALIDATE
/// CONSTRAINT, SET STATISTICS, SET (…), the parent of ATTACH PARTITION, ALTER INDEX … RENAME, and whatever
/// has CONCURRENTLY. Not seen: what happens inside DO blocks and functions, what CASCADE reaches, a dropped
/// index's table, a default partition. Names that are not there may be listed (IF
/// EXISTS). Never throws for its content.
[[nodiscard]] std::vector<locked_relation> locked_relations(std::string_view script);

} // namespace schemagate::lexer
