// Configs of guardrails as databases hold them.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

#include "screening/screen.hpp"

namespace configs {

inline boost::json::object object(std::string const& text)
{
    return boost::json::parse(text).as_object();
}

/// The config of a guardrail in the first migration, as it is shipped.
inline boost::json::object seed(std::string const& guardrail)
{
    auto file =
        std::ifstream{SCHEMAGATE_SOURCE_DIR "/sql/migrations/0001_enterprise_prompt_system_phase1.sql"};
    auto const sql = std::string{std::istreambuf_iterator<char>{file}, {}};
    auto const named = sql.find("('" + guardrail + "'");
    auto const begin = sql.find("$json$", named);
    auto const end = sql.find("$json$", begin + 6);
    if (named == sql.npos || begin == sql.npos || end == sql.npos) {
        throw std::runtime_error{"no guardrail " + guardrail};
    }
    return object(sql.substr(begin + 6, end - begin - 6));
}

/// As the earlier system wrote them: expressions without entities, and substrings.
inline boost::json::object adopted_pii()
{
    return object(R"({"patterns": ["\\b\\d{3}-\\d{2}-\\d{4}\\b", "\\b\\d{3}\\s\\d{2}\\s\\d{4}\\b",
        "\\b\\d{4}[\\s-]?\\d{4}[\\s-]?\\d{4}[\\s-]?\\d{4}\\b", "\\b\\d{3}[-.\\s]?\\d{3}[-.\\s]?\\d{4}\\b"],
        "entity_types": ["SSN", "CREDIT_CARD", "PHONE_NUMBER"], "redaction_mode": "block_request"})");
}

inline boost::json::object adopted_injection()
{
    return object(
        R"({"patterns": ["ignore previous instructions", "disregard all prior", "forget your instructions",
        "system:", "override", "jailbreak"], "case_sensitive": false})");
}

} // namespace configs
