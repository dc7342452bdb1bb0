// A file that holds one secret and nothing else.
#pragma once

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

/// Reads a file of one line, at most 64 KiB. One newline at its end is left out: nobody means it, and editors
/// add it. Throws failure{errc::url_refused} if the file cannot be read (a pipe has 4 s to end), or holds a
/// NUL or several lines. Messages begin with `source`, and say what the file should hold: `noun`, "the
/// connection string". They may hold `path`, never the content.
[[nodiscard]] secret_file read_secret_file(place const& where, std::string const& path,
                                           std::string const& source, std::string const& noun);

} // namespace schemagate
