// The parts of a connection string in the order of the text, in URI and in keyword/value form alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemagate/secret.hpp"

#include "keyword_layout.hpp"
#include "placeholder.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

struct text_part
{
    std::string keyword;      ///< libpq's: "user", "dbname", …; decoded
    std::string_view written; ///< as it stands in the text
    secret value;             ///< decoded; as written where it cannot be decoded
    bool parameter = true;    ///< named by a keyword, and not by its position in a URI
    stand_in stands = {};     ///< what stands there in place of a value, judged by how it is written in a URI

    [[nodiscard]] bool is_password() const { return keyword == "password"; }
    [[nodiscard]] bool escaped() const { return written != value.reveal(); }
};

/// Also empty ones. A list of hosts is one part for each host, and one for each port.
[[nodiscard]] std::vector<text_part> parts_of(uri_layout const& layout);
[[nodiscard]] std::vector<text_part> parts_of(keyword_layout const& layout);

/// A keyword in messages: "database" for dbname, "address" for hostaddr, "a parameter" for what is no keyword
/// of libpq's.
[[nodiscard]] std::string part_name(std::string_view keyword);

} // namespace schemagate::url
