#include "database/query_result.hpp"

#include <charconv>

#include "database/database_error.hpp"

namespace app {
namespace {

template <typename T>
T parsed(std::string const& text)
{
    T value{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) {
        throw database_error{database_error::kind::failed, "a column is not of the type that was expected"};
    }
    return value;
}

} // namespace

std::string const& text_in(sql_text const& column)
{
    if (!column) {
        throw database_error{database_error::kind::failed, "a column is NULL that cannot be"};
    }
    return *column;
}

std::int64_t integer_in(sql_text const& column)
{
    return parsed<std::int64_t>(text_in(column));
}

double number_in(sql_text const& column)
{
    return parsed<double>(text_in(column)); // reads NaN and Infinity as well
}

bool truth_in(sql_text const& column)
{
    return text_in(column) == "t";
}

std::optional<std::int64_t> optional_integer_in(sql_text const& column)
{
    return column ? std::optional{integer_in(column)} : std::nullopt;
}

std::optional<double> optional_number_in(sql_text const& column)
{
    return column ? std::optional{number_in(column)} : std::nullopt;
}

std::string to_sql(double number)
{
    char text[32]; // the shortest text that reads back has 24 characters at most
    auto const [end, error] = std::to_chars(std::begin(text), std::end(text), number);
    return {text, end};
}

} // namespace app
