#include "index_guard.hpp"

#include "index_repair.hpp"
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

std::string index_guard::required(connection const& on, migration_sql const& sql, bool all) const
{
    if (!built_ && !all) {
        return "";
    }
    auto arguments = built_ ? place_arguments(on, built_->index) : std::vector<statement_argument>{};
    auto const place = arguments.size();
    if (all) {
        arguments.push_back({"oid[]", "ARRAY[" + before_ + "]::pg_catalog.oid[]"});
    }
    return sql.run(true,
                   built_ && all ? "guard both"
                   : built_      ? "guard built"
                                 : "guard all",
                   arguments, [&](std::vector<std::string> const& v) {
                       std::string condition;
                       if (built_) {
                           condition = "NOT EXISTS (" + state_sql(v[0], v[1]) +
                                       " AND NOT (i.indisvalid AND i.indisready))";
                       }
                       if (all) {
                           condition += std::string{built_ ? " AND " : ""} + "NOT EXISTS (" +
                                        invalid_oids_sql + " AND i.indexrelid <> ALL (" + v[place] + "))";
                       }
                       return "SELECT " + require_sql(condition, "index");
                   });
}

// Returns if another session is building the index.
void index_guard::refuse(connection& on) const
{
    if (built_) {
        auto const& [index, at] = *built_;
        auto const place = place_arguments(on, index);
        auto const answer = on.execute(state_sql(place[0].value, place[1].value));
        if (state_of(on, answer.at(0)) == index_state::invalid) {
            auto const left = leftovers(on, index, false);
            throw index_left_invalid{left.empty() ? index.names.front().name : left.front(),
                                     position_of_statement(script_, at)};
        }
    }
    if (auto const left = invalid_indexes(on, before_); !left.empty()) {
        throw index_left_invalid{left.front(), {}};
    }
}

std::vector<statement_result> index_guard::execute(connection& on, migration_sql const& sql, bool all,
                                                   std::function<std::string()> const& message)
{
    try {
        auto results = execute_ours(on, sql, [&] {
            auto text = required(on, sql, all);
            return text + message();
        });
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
    return execute_ours(on, sql, message);
}

} // namespace schemagate::postgres
