// A folder of migrations such as real products have, for comparing the engine with psql.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace support {

struct corpus_options
{
    int server_major = 13; ///< of the server that will run them: BEGIN ATOMIC and DETACH CONCURRENTLY from 14
    bool restrict_lines =
        true; ///< \restrict in files as pg_dump writes them: psql knows it since August 2025
};

/// Writes `size` files (at least 50, so that each kind is there) and a few repeatable ones; returns them in
/// the order in which they run. Every file plays in psql without an error, each statement committed by
/// itself, on a database whose owner plays them and which holds nothing else. Equal arguments give equal
/// bytes.
std::vector<std::filesystem::path> write_script_corpus(std::filesystem::path const& folder, std::size_t size,
                                                       std::uint64_t seed, corpus_options with = {});

} // namespace support
