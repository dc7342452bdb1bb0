// A file that holds one secret and nothing else.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "schemagate/finding.hpp"
#include "schemagate/place.hpp"
#include "schemagate/secret.hpp"

namespace schemagate {

struct secret_file
{
    secret text;
    std::vector<finding> findings; ///< newline-trimmed, file-world-readable
};

inline constexpr std::size_t secret_size_max = std::size_t{64} * 1024;

/// Reads a file of one line, at most secret_size_max bytes. One newline at its end is left out: nobody means
/// it, and editors add it. Throws failure{errc::url_refused} if the file cannot be read (a pipe has 4 s to
/// end), or holds a NUL or several lines. Messages begin with `source`, and say what the file should hold:
/// `noun`, "the connection string". They may hold `path`, never the content.
[[nodiscard]] secret_file read_secret_file(place const& where, std::string const& path,
                                           std::string const& source, std::string const& noun);

/// The same for bytes that were read already, of a pipe for example.
[[nodiscard]] secret_file secret_of_one_line(secret read, std::string const& source, std::string const& noun);

} // namespace schemagate
