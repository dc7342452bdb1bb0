// Which parts of a connection string may have caught a piece of its password, and are therefore not shown.
//
// One delimiter that is missing, doubled or escaped moves the password into another part: "app:S3cret/db"
// makes a port of it, "?password=S3cret" without its "?" a database. Such a text leaves a trace, and
// everything in it is hidden then. Where a delimiter went without one ("appS3cret@host"), the text has no
// password at all.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "schemagate/connection_settings.hpp"

#include "text_part.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

/// What is known of a password besides the text.
struct password_elsewhere
{
    bool given = false; ///< by the environment, a service, a passfile, or a certificate in its place
};

/// `layout` of a URI (with any scheme), and its parts.
[[nodiscard]] hidden_parts hidden_in(std::string_view text, uri_layout const& layout,
                                     std::vector<text_part> const& parts, password_elsewhere elsewhere = {});

/// Of a keyword/value string.
[[nodiscard]] hidden_parts hidden_in(std::vector<text_part> const& parts);

/// The userinfo's password holds parameters ("…?password=S3cret@host"): an unescaped "@" in a value made all
/// before it a user and a password.
[[nodiscard]] bool password_holds_query(uri_layout const& layout);

/// False where the value of this keyword cannot be what it stands for: a delimiter in it that the syntax of
/// that part does not have, or a word like "password".
[[nodiscard]] bool plausible(std::string_view keyword, std::string_view value);

} // namespace schemagate::url
