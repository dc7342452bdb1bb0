// What stands in a part of a connection string in place of a value: by its form, and by the words in it.
#pragma once

#include <string_view>

namespace schemagate::url {

enum class stand_in
{
    none,
    variable,    ///< ${NAME}, $(NAME), {{ name }}, <% name %>, $NAME, %NAME%: nothing replaced it
    placeholder, ///< <host>, [YOUR-PASSWORD], {your_password}, YOUR_DB: documentation's, and nobody's value
    word,        ///< changeme, xxxxx, password_here: possible, but hardly meant
    masked,      ///< ***, [REDACTED]: copied out of a log
    wrapped,     ///< "value", {value}: quotes or braces around something
};

/// Of any part but a password: the whole value decides, or a template in it.
[[nodiscard]] stand_in stand_in_for(std::string_view value);

/// Of a password, in which every byte may be meant: only a whole one decides, and generators make "<Zq7w>"
/// and
/// "{Zq7w}" too, so words inside of them have to tell.
[[nodiscard]] stand_in stand_in_for_password(std::string_view value);

} // namespace schemagate::url
