// Shorthand for tests that check one text.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"

#include "fake_place.hpp"

inline bool has(std::string const& text, std::string const& part)
{
    return text.find(part) != text.npos;
}

inline schemagate::url_diagnosis diagnose(std::string const& text,
                                          schemagate::place const& where = fake_place{},
                                          schemagate::url_policy const& policy = {})
{
    return schemagate::check({schemagate::secret{text}, "DATABASE_URL", {}}, where, policy);
}

inline std::optional<schemagate::finding> find(schemagate::url_diagnosis const& diagnosis,
                                               std::string const& code)
{
    auto const found = std::find_if(diagnosis.findings.begin(), diagnosis.findings.end(),
                                    [&](auto const& one) { return one.code == code; });
    return found == diagnosis.findings.end() ? std::nullopt : std::optional{*found};
}

/// "refuse port-invalid, note …": for comparisons, and readable where one fails. Without the warning that
/// every remote host without sslmode gets (transport_rules_test.cpp is about that one), and without the notes
/// on what the environment adds.
inline std::string codes(schemagate::url_diagnosis const& diagnosis)
{
    auto result = std::string{};
    for (auto const& one : diagnosis.findings)
        if (one.code != "tls-not-required" &&
            !(one.severity == schemagate::severity::note && has(one.code, "-from-environment")))
            result += (result.empty() ? "" : ", ") + std::string{name(one.severity)} + " " + one.code;
    return result;
}

/// Everything of a diagnosis that may be shown.
inline std::string shown_text(schemagate::url_diagnosis const& diagnosis)
{
    auto result = diagnosis.redacted;
    for (auto const& one : diagnosis.findings)
        result +=
            "\n" + std::string{name(one.severity)} + " " + one.code + ": " + one.message + " -> " + one.fix;
    if (diagnosis.effective)
        result += "\n" + diagnosis.effective->where() + "\n" + diagnosis.effective->redacted;
    return result;
}
