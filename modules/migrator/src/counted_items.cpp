#include "counted_items.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace schemagate {
namespace {

using result = verification_item::result;

std::optional<long long> number(std::optional<std::string> const& cell)
{
    long long value = 0;
    if (!cell) {
        return {};
    }
    auto const* const end = cell->data() + cell->size();
    auto const read = std::from_chars(cell->data(), end, value);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

verification_item counted_item(std::vector<std::optional<std::string>> const& row)
{
    auto const& name = row[0];
    auto const& expected = row[1];
    auto const& found = row[2];
    auto const& detail = row[3];
    verification_item item{name.value_or("a check without a name"), result::failed, detail.value_or(""),
                           number(expected), number(found)};
    if (!name || !item.expected || (found && !item.found)) {
        item.message = "its twin returned a row whose check_name is null, or whose expected or found is no "
                       "whole number";
    }
    else if (!found) {
        item.outcome = result::not_run;
    }
    else if (item.found == item.expected) {
        item.outcome = result::passed;
    }
    return item;
}

} // namespace

std::vector<verification_item> counted_items(std::vector<postgres::statement_result> const& results)
{
    static std::vector<std::string> const columns{"check_name", "expected", "found", "detail"};
    std::vector<verification_item> items;
    for (auto const& each : results) {
        if (each.columns != columns) {
            continue;
        }
        for (auto const& row : each.rows) {
            items.push_back(counted_item(row));
        }
    }
    return items;
}

} // namespace schemagate
