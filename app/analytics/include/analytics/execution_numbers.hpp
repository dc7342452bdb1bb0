// What is counted of executions, and its SQL.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>

#include "database/query_result.hpp"

namespace app {

/// The columns of a SELECT over executions `x`, for numbers_in(). Averages and percentiles know null: they
/// are over rows that have a value.
[[nodiscard]] std::string const& number_columns();

/// "numbers" of the interface, from the columns that begin at `first`; a row of an outer join that found
/// nothing gives zeros.
[[nodiscard]] boost::json::object numbers_in(query_row const& row, std::size_t first);

[[nodiscard]] boost::json::value number_or_null(sql_text const& column);
/// NULL is 0.
[[nodiscard]] std::int64_t count_in(sql_text const& column);
[[nodiscard]] boost::json::value text_or_null(sql_text const& column);
/// `part` of `whole`; null of none.
[[nodiscard]] boost::json::value share(std::int64_t part, std::int64_t whole);

} // namespace app
