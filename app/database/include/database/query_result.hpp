// What a statement returned, as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace app {

/// A value for a statement, or from one; nullopt is NULL. Text as PostgreSQL writes and reads it.
using sql_text = std::optional<std::string>;

/// A row's columns, in the order of the statement.
using query_row = std::vector<sql_text>;

/// The rows of a statement. Owns them.
class query_result
{
public:
    query_result() = default;
    query_result(std::vector<query_row> rows, std::size_t affected)
        : rows_{std::move(rows)}, affected_{affected}
    {}

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] query_row const& operator[](std::size_t row) const { return rows_.at(row); }
    [[nodiscard]] auto begin() const noexcept { return rows_.begin(); }
    [[nodiscard]] auto end() const noexcept { return rows_.end(); }

    /// How many rows INSERT, UPDATE, DELETE or COPY has changed, or SELECT has returned.
    [[nodiscard]] std::size_t affected() const noexcept { return affected_; }

private:
    std::vector<query_row> rows_;
    std::size_t affected_ = 0;
};

// Columns whose type the schema promises. Each throws database_error (failed) for NULL, or for a text that is
// not of the type.
[[nodiscard]] std::string const& text_in(sql_text const& column);
[[nodiscard]] std::int64_t integer_in(sql_text const& column);
[[nodiscard]] double number_in(sql_text const& column); ///< of float8, or numeric
[[nodiscard]] bool truth_in(sql_text const& column);

// The same where the column may be NULL.
[[nodiscard]] std::optional<std::int64_t> optional_integer_in(sql_text const& column);
[[nodiscard]] std::optional<double> optional_number_in(sql_text const& column);

/// As float8 reads it back, to the last bit.
[[nodiscard]] std::string to_sql(double number);

} // namespace app
