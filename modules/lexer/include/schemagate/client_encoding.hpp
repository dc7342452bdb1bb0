// SET client_encoding in a script: how the server is to read the bytes that follow.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

struct encoding_setting
{
    std::string encoding; ///< as written, without quotes
    std::size_t line = 1;
    std::size_t offset = 0; ///< where its statement begins
};

/// The first SET client_encoding or SET NAMES that makes the server convert what is UTF-8 (PostgreSQL
/// documentation, "24.3.3 Automatic Character Set Conversion"). `scanned` is scan(script). Never throws for
/// its content.
[[nodiscard]] std::optional<encoding_setting> other_client_encoding(std::string_view script,
                                                                    scan_result const& scanned);

} // namespace schemagate::lexer
