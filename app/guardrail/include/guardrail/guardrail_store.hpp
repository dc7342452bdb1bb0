// Guardrails in the database: what changes them. Each function is a part of the caller's transaction.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "database/database_connection.hpp"
#include "guardrail/guardrail.hpp"

namespace app {

class guardrail_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit guardrail_store(std::string const& schema) : table_{schema + ".prompt_guardrails"} {}

    /// 409 `guardrail-exists`. `actor` is recorded.
    void create(database_connection& c, guardrail& g, std::string const& actor) const;
    /// 404 `guardrail-not-found`.
    void replace(database_connection& c, guardrail const& g, std::string const& actor) const;
    /// What they have counted by now, by id: checks and violations.
    [[nodiscard]] std::map<std::string, std::pair<std::int64_t, std::int64_t>>
    counters(database_connection& c) const;
    /// 404 `guardrail-not-found`.
    void remove(database_connection& c, std::string const& name) const;

private:
    std::string table_;
};

} // namespace app
