// The log of executions in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "database/database_connection.hpp"
#include "database/sql_time.hpp"
#include "execution/execution.hpp"
#include "execution/outcome.hpp"

namespace app {

/// Where a page of the list ended.
struct execution_cursor
{
    unix_microseconds executed_at = 0;
    std::string id;

    /// For a client: "1764443045123000_0190…"; and back, nullopt if it is none.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<execution_cursor> parse(std::string_view text);
};

struct execution_filter
{
    std::optional<std::string> prompt;
    std::optional<int> version;
    std::optional<execution_status> status;
    std::optional<std::string> user_id;
    unix_microseconds since = beginning_of_time;
    unix_microseconds until = end_of_time; ///< not included
    std::optional<execution_cursor> after; ///< the page before ended there
    int limit = 50;
    /// Variables, rendered text and response as well: they can be megabytes each. Otherwise each is as in a
    /// new execution.
    bool with_content = false;
};

struct execution_page
{
    std::vector<execution> executions; ///< newest first
    std::optional<execution_cursor> next;
};

enum class outcome_answer
{
    recorded,
    same, ///< it says what was known
    conflict,
    not_found,
};

/// Holds no connection: each function uses the one it is given, so that several can share a transaction. May
/// be used from any thread. Throws database_error.
class execution_store
{
public:
    /// `schema`: database::schema().
    explicit execution_store(std::string schema);

    /// Writes all of them or none, in one statement. `refused` if the database takes one of them not; the
    /// whole batch then has to be halved to find it. A batch that was written already, or whose prompt_id is
    /// gone, is refused too: 23505, 23503.
    void insert(database_connection& c, std::span<execution const* const> batch) const;

    /// The ids of those that are in the log.
    [[nodiscard]] std::vector<std::string> written(database_connection& c,
                                                   std::span<execution const* const> batch) const;

    /// merge() on the row, in the transaction that is open.
    [[nodiscard]] outcome_answer apply(database_connection& c, std::string const& id, outcome reported) const;

    [[nodiscard]] std::optional<execution> find(database_connection& c, std::string const& id) const;

    [[nodiscard]] execution_page list(database_connection& c, execution_filter const& filter) const;

private:
    std::string table_;
    std::string copy_;
    std::string select_;
};

} // namespace app
