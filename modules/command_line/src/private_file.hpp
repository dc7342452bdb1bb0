// Files that are written whole: those that only their owner may read, from their first byte on, and others.
#pragma once

#include <string>
#include <string_view>

namespace schemagate {

/// Writes `bytes` to `path` with mode 0600: to a new file beside it, which then takes its name. So the old
/// content stays until the new one is complete and on the disk, an old mode or hard link lends nobody the new
/// content, and a crash leaves at most a file of mode 0600. Throws usage_error if `path` is there and no
/// plain file (a symbolic link is not followed), or cannot be written; failure{errc::disk_full}.
void write_private_file(std::string const& path, std::string_view bytes);

/// The same for what is no secret: with the mode that the umask leaves of 0666.
void write_plain_file(std::string const& path, std::string_view bytes);

} // namespace schemagate
