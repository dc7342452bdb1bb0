// Folders of migrations that each put one thing in the foreground. Every file plays in one psql session.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace bench {

using migration_files = std::vector<std::filesystem::path>; ///< in the order in which they run

/// Each makes one or two tables, indexes or functions.
migration_files write_small(std::filesystem::path const& folder, std::size_t files);

/// A table of 20,000 rows, then `files` files with one CREATE INDEX CONCURRENTLY each.
migration_files write_concurrent(std::filesystem::path const& folder, std::size_t files);

/// The same table, then `statements` times CREATE INDEX CONCURRENTLY in one file.
migration_files write_concurrent_in_one(std::filesystem::path const& folder, std::size_t statements);

/// One file of this many bytes, INSERTs of one row each between BEGIN and COMMIT: psql, too, syncs once.
migration_files write_inserts(std::filesystem::path const& folder, std::size_t bytes);

/// One file of this many bytes, nearly all of them data of COPY … FROM stdin.
migration_files write_copy(std::filesystem::path const& folder, std::size_t bytes);

} // namespace bench
