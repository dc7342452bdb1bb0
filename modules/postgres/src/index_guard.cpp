#include "index_guard.hpp"

#include "index_repair.hpp"
#include "migration_sql.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "schemagate/postgres/step_runner.hpp"
#include "step_sql.hpp"

namespace schemagate::postgres {

void index_guard::known_before(statement_result const& answer)
{
    for (auto const& row : answer.rows) {
        before_ += ", " + row.at(0).value_or("0");
    }
}

std::string index_guard::condition(connection const& on, bool all) const
{
    std::string sql;
    if (built_) {
        sql = "NOT EXISTS (" + state_sql(on, built_->index) + " AND NOT (i.indisvalid AND i.indisready))";
    }
    if (all) {
        sql += std::string{sql.empty() ? "" : " AND "} + "NOT EXISTS (" + invalid_oids_sql +
               " AND i.indexrelid NOT IN (" + before_ + "))";
    }
    return sql;
}

// Returns if another session is building the index.
void index_guard::refuse(connection& on) const
{
    if (built_) {
        auto const& [index, at] = *built_;
        if (state_of(on, on.execute(state_sql(on, index)).at(0)) == index_state::invalid) {
            auto const left = leftovers(on, index, false);
            throw index_left_invalid{left.empty() ? index.names.front().name : left.front(),
                                     position_of_statement(script_, at)};
        }
    }
    if (auto const left = invalid_indexes(on, before_); !left.empty()) {
        throw index_left_invalid{left.front(), {}};
    }
}

std::vector<statement_result> index_guard::execute(connection& on, std::string const& sql, bool all)
{
    auto const valid = condition(on, all);
    try {
        auto results =
            execute_ours(on, valid.empty() ? sql : "SELECT " + require_sql(valid, "index") + "; " + sql);
        built_.reset();
        return results;
    }
    catch (sql_error const& e) {
        if (broken_requirement(e.error) != "index") {
            throw;
        }
    }
    refuse(on);
    built_.reset();
    return execute_ours(on, sql);
}

} // namespace schemagate::postgres
