// What we say that a connection would use, in libpq's terms, for comparison with libpq.
#pragma once

#include <map>
#include <string>

#include "effective_values.hpp"
#include "libpq_parser.hpp"

/// Every keyword that is set by anything.
inline std::map<std::string, std::string> reading_of(schemagate::url::effective_values const& values)
{
    auto result = std::map<std::string, std::string>{};
    for (auto const& known : schemagate::url::libpq_keywords())
        if (values.from(known.keyword) != schemagate::url::origin::nowhere)
            result[known.keyword] = values.value(known.keyword);
    result["user"] = values.user();
    result["dbname"] = values.dbname();
    return result;
}

/// Leaves out what only one side can have: keywords of the parser alone, the default of passfile, which libpq
/// fills in only where it looks into the file, and that of sslcertmode, which libpq 16 and newer fill in
/// though they do not list it as one.
inline void as_a_connection_holds_them(std::map<std::string, std::string>& values)
{
    for (auto const* keyword : {"service", "authtype", "target_session_attrs"})
        values.erase(keyword);
    std::erase_if(values, [](auto const& one) { // by now empty is the same as not set
        return one.second.empty() || (one.first == "passfile" && one.second.ends_with("/.pgpass")) ||
               (one.first == "sslcertmode" && one.second == "allow");
    });
}
