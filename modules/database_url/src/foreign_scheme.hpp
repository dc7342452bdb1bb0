// Schemes of other databases and tools.
#pragma once

#include <string>
#include <string_view>

namespace schemagate::url {

/// "a MySQL", "a Redis", …; "" for a scheme that is none of theirs. In lower case, without "://".
[[nodiscard]] std::string_view database_of_scheme(std::string_view scheme);

/// Other tools' names for PostgreSQL's scheme, and misspelt ones.
[[nodiscard]] bool nearly_postgresql(std::string const& scheme);

} // namespace schemagate::url
