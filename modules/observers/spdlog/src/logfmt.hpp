// name=value pairs on one line, whatever the values hold.
#pragma once

#include <string>
#include <string_view>

namespace schemagate {

/// Appends " name=value" to `line`. The value stands bare where it can; it is quoted where it is empty or
/// holds a blank, '=', '"' or '\'; control bytes (C1 and Unicode's line separators too, which some terminals
/// and log shippers obey) and bytes that are not UTF-8 are escaped.
void append_field(std::string& line, std::string_view name, std::string_view value);

} // namespace schemagate
