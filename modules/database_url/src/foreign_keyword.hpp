// Parameters of other drivers and tools, which libpq refuses, and libpq's own way to say the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemagate/connection_settings.hpp"

namespace schemagate::url {

enum class translation
{
    drop,     ///< libpq has nothing of the kind
    rename,   ///< the same value under libpq's keyword
    folder,   ///< … without the socket's file name at its end
    cloudsql, ///< … below /cloudsql
    option,   ///< "-c NAME=value" in options
    tls,      ///< sslmode, by the driver's word for it (tls_word.hpp)
    fixed     ///< a keyword with its value
};

struct foreign_keyword
{
    std::string_view keyword; ///< lower case
    std::string_view whose;
    translation how = translation::drop;
    std::string_view becomes = {}; ///< libpq's keyword, the name of the option, or KEYWORD=VALUE
};

/// nullptr for a keyword that is nobody's. In any case of letters.
[[nodiscard]] foreign_keyword const* find_foreign(std::string_view keyword);

/// The same for libpq; nullopt where the parameter is dropped, or its value has nothing like it.
[[nodiscard]] std::optional<connection_parameter> translated(foreign_keyword const& one,
                                                             std::string const& value);

/// The version of libpq that brought the keyword, if it is newer than this one: 16, 17 or 18; else 0.
[[nodiscard]] int since_libpq(std::string_view keyword);

} // namespace schemagate::url
