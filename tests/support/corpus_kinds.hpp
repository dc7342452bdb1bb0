// The kinds of files that the corpus is made of. Each adds to the model what it makes.
#pragma once

#include "corpus_model.hpp"

namespace support {

// corpus_tables.cpp
[[nodiscard]] corpus_file new_table(corpus_model& m);
[[nodiscard]] corpus_file new_table_in_path(corpus_model& m); ///< SET search_path, and plain names
[[nodiscard]] corpus_file new_partitions(corpus_model& m);
[[nodiscard]] corpus_file new_types(corpus_model& m); ///< enum, domain, composite type, sequence
[[nodiscard]] corpus_file new_schema(corpus_model& m);
/// The statement, for files that do more than that; `full` writes public. as well.
[[nodiscard]] std::string create_table(corpus_model& m, corpus_table& made, bool full);
[[nodiscard]] corpus_table blank_table(corpus_model& m, std::string const& schema);

// corpus_changes.cpp
[[nodiscard]] corpus_file more_columns(corpus_model& m);
[[nodiscard]] corpus_file more_constraints(corpus_model& m); ///< NOT VALID, then VALIDATE CONSTRAINT
[[nodiscard]] corpus_file more_enum_values(corpus_model& m); ///< used later in the same file
[[nodiscard]] corpus_file more_rows(corpus_model& m);
[[nodiscard]] corpus_file copied_rows(corpus_model& m); ///< COPY … FROM stdin
[[nodiscard]] corpus_file grants(corpus_model& m);
[[nodiscard]] corpus_file policies_and_rules(corpus_model& m);
[[nodiscard]] corpus_file comments(corpus_model& m);

// corpus_code.cpp
[[nodiscard]] corpus_file views(corpus_model& m);
[[nodiscard]] corpus_file functions(corpus_model& m); ///< nested dollar quotes
[[nodiscard]] corpus_file triggers(corpus_model& m);
[[nodiscard]] corpus_file do_blocks(corpus_model& m);
[[nodiscard]] corpus_file sql_bodies(corpus_model& m); ///< BEGIN ATOMIC, from PostgreSQL 14 on

// corpus_indexes.cpp
[[nodiscard]] corpus_file one_index(corpus_model& m);
[[nodiscard]] corpus_file several_indexes(corpus_model& m);
[[nodiscard]] corpus_file table_and_indexes(corpus_model& m); ///< CREATE TABLE, then CONCURRENTLY
[[nodiscard]] corpus_file indexes_in_transaction(corpus_model& m);
[[nodiscard]] corpus_file dropped_index(corpus_model& m);
[[nodiscard]] corpus_file rebuilt_index(corpus_model& m);
[[nodiscard]] corpus_file vacuumed(corpus_model& m);
[[nodiscard]] corpus_file detached_partition(corpus_model& m); ///< CONCURRENTLY, from PostgreSQL 14 on

// corpus_files.cpp
[[nodiscard]] corpus_file dumped(corpus_model& m);           ///< as pg_dump writes
[[nodiscard]] corpus_file own_transactions(corpus_model& m); ///< several BEGIN … COMMIT
[[nodiscard]] corpus_file nothing(corpus_model& m);          ///< empty, or comments alone
[[nodiscard]] corpus_file odd_strings(corpus_model& m);
[[nodiscard]] std::string repeatable_view(corpus_model& m);

} // namespace support
