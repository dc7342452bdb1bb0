// A value that ALTER TYPE … ADD VALUE adds cannot be used before its transaction has ended.
#pragma once

#include <string_view>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

/// Whether the script adds a value to an enum and a later statement uses it: inside one transaction
/// PostgreSQL refuses that (55P04; up to version 16 even where the same transaction has made the type), while
/// statement by statement it works.
///
/// A use is the value as a string, as an element of an array's text '{…}', or as a word in a body or in the
/// data of COPY: too often taken for one rather than too seldom, since the text does not show what a string
/// becomes. No use are CREATE TYPE, ALTER TYPE and COMMENT. Never throws for its content; passes over the
/// script once for each new value at most.
[[nodiscard]] bool uses_new_enum_value(std::string_view script, scan_result const& scanned);

} // namespace schemagate::lexer
