// One text while it is being validated: what the rules see, and where their diagnostics are collected.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/database_url.hpp"

#include "doubt.hpp"
#include "effective_values.hpp"
#include "text_part.hpp"
#include "uri_layout.hpp"

namespace schemagate::url {

struct inspection
{
    std::string const& text;
    std::string name; ///< "DATABASE_URL", the variable that messages speak of
    place const& where;
    url_policy const& policy;
    std::vector<finding> findings;

    std::string redacted{};
    std::optional<uri_layout> uri{}; ///< unless it is (or should be) keyword/value
    std::vector<text_part> parts{};
    bool ambiguous = false;                                 ///< see uri_layout.hpp
    std::optional<std::vector<connection_parameter>> set{}; ///< nullopt: libpq refuses the text
    hidden_parts hidden = hidden_parts::all();
    effective_values effective{}; ///< with `set` only, as are the endpoints
    endpoint_list endpoints{};

    [[nodiscard]] bool refused() const;
    [[nodiscard]] bool has(std::string_view code) const;

    /// "in this Cloud Run job", "here (Docker)", or "here".
    [[nodiscard]] std::string here() const;
    /// "postgresql://app:***@HOST:5432/shop", with the text's own user and database where they may be shown.
    [[nodiscard]] std::string model(std::string_view host) const;
    /// "DATABASE_URL", "the environment variable PGSSLMODE" or "the connection service file": what sets the
    /// keyword.
    [[nodiscard]] std::string said_by(std::string_view keyword) const;

    // Parts as they may be shown.
    [[nodiscard]] std::string shown_host(std::string_view host) const;
    [[nodiscard]] std::string shown_port(std::string_view port) const;
    [[nodiscard]] std::string shown_user(std::string_view user) const;
    [[nodiscard]] std::string shown_dbname(std::string_view dbname) const;
    /// " (value)" for a value of a few letters, else "".
    [[nodiscard]] std::string shown_word(std::string_view value) const;
};

} // namespace schemagate::url
