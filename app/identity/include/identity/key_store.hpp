// Keys in the database.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "database/database_connection.hpp"
#include "identity/principal.hpp"

namespace app {

struct stored_key
{
    std::string id;
    std::string name;
    std::string may; ///< its scope
    std::string created_at;
    std::optional<std::string> created_by{};
    std::optional<std::string> expires_at{};
    std::optional<std::string> revoked_at{};
    std::optional<std::string> revoked_by{};
};

/// Each function may be a part of a transaction.
class key_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit key_store(std::string const& schema) : table_{schema + ".api_keys"} {}

    /// `key_hash` as hash_of_key() makes it; `expires_at` in microseconds since 1970.
    [[nodiscard]] stored_key add(database_connection& c, std::string const& name, scope may,
                                 std::string const& key_hash, std::string const& actor,
                                 std::optional<std::int64_t> expires_at) const;
    /// False if there is no such key, or it is revoked already.
    [[nodiscard]] bool revoke(database_connection& c, std::string const& id, std::string const& actor) const;
    /// Newest first, revoked ones too.
    [[nodiscard]] std::vector<stored_key> list(database_connection& c) const;

private:
    std::string table_;
};

[[nodiscard]] boost::json::object to_json(stored_key const& key);

} // namespace app
