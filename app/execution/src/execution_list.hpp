// The statement that lists executions.
#pragma once

#include <string>
#include <vector>

#include "database/query_result.hpp"
#include "execution/execution_store.hpp"

namespace app {

struct list_statement
{
    std::string sql;
    std::vector<sql_text> values;
};

/// One more row than the limit, which tells whether there is another page. Each of the three forms walks an
/// index in the order of the list and stops: by prompt, by user, or by status.
[[nodiscard]] list_statement list_of(std::string const& table, execution_filter const& filter);

} // namespace app
