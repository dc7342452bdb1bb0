// The append-only record of what was changed, by whom.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database_connection.hpp"

namespace app {

struct audit_entry
{
    std::string action;      ///< "prompt.create"
    std::string object_type; ///< "prompt"
    std::string object_name;
    boost::json::object details{}; ///< numbers and names; no prompt text, no key
};

struct audit_row : audit_entry
{
    std::int64_t id = 0;
    std::string at; ///< RFC 3339, UTC
    std::optional<std::string> actor{};
    std::optional<std::string> request_id{};
};

struct audit_filter
{
    std::optional<std::string> object_type{};
    std::optional<std::string> object_name{};
    std::optional<std::string> actor{};
    std::optional<std::string> action{};
    std::optional<std::int64_t> before{}; ///< id
    std::int64_t limit = 50;
};

class audit_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit audit_store(std::string const& schema) : table_{schema + ".audit_log"} {}

    /// In the transaction of what it records.
    void add(database_connection& c, audit_entry const& entry, std::string const& actor,
             std::string const& request_id) const;
    /// Newest first.
    [[nodiscard]] std::vector<audit_row> list(database_connection& c, audit_filter const& filter) const;

private:
    std::string table_;
};

[[nodiscard]] boost::json::object to_json(audit_row const& row);

} // namespace app
