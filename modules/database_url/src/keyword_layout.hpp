// Where the parts of a keyword/value string lie, split as libpq's conninfo_parse splits it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagate::url {

struct keyword_piece
{
    std::string_view before; ///< white space
    std::string_view keyword;
    std::string_view equals; ///< with the white space around it; without a "=" where the text has none
    std::string_view value;  ///< as written, with its quotes
};

struct keyword_layout
{
    std::vector<keyword_piece> pieces;
    std::string_view tail; ///< white space at the end
};

/// Views into the text, which may be any. libpq alone knows whether it is a connection string.
[[nodiscard]] keyword_layout scan_keywords(std::string_view text);

/// The value without its quotes and backslashes.
[[nodiscard]] std::string unquoted(std::string_view value);

} // namespace schemagate::url
