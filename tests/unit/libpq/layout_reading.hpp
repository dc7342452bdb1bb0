// What the scanner's parts amount to once decoded and put together, for comparison with libpq's reading: if a
// part lay one byte off, or a fault were overlooked, the two would differ.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "uri_layout.hpp"

/// By keyword; nullopt where a part is one that libpq would refuse.
inline std::optional<std::map<std::string, std::string>> reading_of(schemagate::url::uri_layout const& layout)
{
    auto result = std::map<std::string, std::string>{};
    auto refused = false;
    auto const set = [&](std::string const& keyword, std::string_view written) {
        auto const value = schemagate::url::percent_decoded(written);
        refused = refused || !value;
        if (value && !written.empty()) // an empty part is one that is not there
            result[keyword] = *value;
    };
    set("user", layout.user);
    set("password", layout.password.value_or(""));

    auto hosts = std::string{};
    auto ports = std::string{};
    for (auto const& one : layout.hosts) {
        auto const comma = &one == &layout.hosts.front() ? "" : ",";
        hosts += comma + std::string{one.host};
        ports += comma + std::string{one.port.value_or("")};
        refused = refused || one.bracket_fault;
    }
    set("host", hosts);
    set("port", ports);
    set("dbname", layout.dbname.value_or(""));

    for (auto const& parameter : layout.parameters) { // the last one of a keyword counts
        auto keyword = schemagate::url::percent_decoded(parameter.key).value_or("");
        auto value = schemagate::url::percent_decoded(parameter.value);
        refused = refused || !parameter.well_formed || !value;
        if (keyword == "ssl" && value == "true") {
            keyword = "sslmode";
            value = "require";
        }
        else if (keyword == "requiressl") {
            keyword = "sslmode";
            value = value && value->starts_with('1') ? "require" : "prefer";
        }
        refused = refused || !schemagate::url::find_keyword(keyword);
        result[keyword] = value.value_or("");
    }
    return refused ? std::nullopt : std::optional{result};
}
