// What the commands write: text for people, one line of JSON for programs.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/safe_text.hpp"

namespace schemagate {

/// Gives stdin, stdout and stderr that came closed to /dev/null. Otherwise the next socket would get the
/// number of one of them, and what is meant for people would be sent to the server.
void hold_standard_streams() noexcept;

/// To stdout, all of it. A reader that has gone (`| head -1`) is no error: the work is done all the same.
void print(std::string_view text) noexcept;
void print(boost::json::object const& line);

/// To stdout, all of it, or an error: 0, or errno. For what is no use in pieces.
[[nodiscard]] int print_whole(std::string_view text) noexcept;

/// "prompt-service: message" and a newline to stderr. Never throws.
void complain(std::string_view program, std::string_view message) noexcept;
/// The line alone, for programs.
void complain_json(boost::json::object const& line);

/// stdout is a terminal that shows colours, and nobody set NO_COLOR (no-color.org: to anything but "").
[[nodiscard]] bool colour_wanted();

enum class mark
{
    good,
    bad,
    open
};
/// ✔, ✘ or –, green, red or plain.
[[nodiscard]] std::string shown(mark m, bool colour);

/// Columns aligned to their widest cell, two blanks between them, the first row being the heads.
[[nodiscard]] std::string table(std::vector<std::vector<std::string>> const& rows);

} // namespace schemagate
