// Reading with limits of our own: without the lock, and on a connection whose session settings are whatever
// the server, the database or the role made of them.
#pragma once

#include <string_view>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

/// A read-only transaction on `on`, which outlives it: from its begin to its end no inherited
/// statement_timeout, lock_timeout or search_path has a say. Everything is SET LOCAL, so that a pooled
/// connection goes back as it came. Two messages beside what is read; idle_check() needs none of them.
class reading_transaction
{
public:
    /// Throws sql_error.
    explicit reading_transaction(connection& on);
    reading_transaction(reading_transaction const&) = delete;
    reading_transaction& operator=(reading_transaction const&) = delete;
    ~reading_transaction(); ///< rolls back, also what failed

    /// How such a transaction begins, for a message that holds more.
    static std::string_view begin() noexcept;

private:
    connection& on_;
};

} // namespace schemagate::postgres
