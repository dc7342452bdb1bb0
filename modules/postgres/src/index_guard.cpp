#include "index_guard.hpp"

#include "index_repair.hpp"
#include "step_sql.hpp"

namespace schemagate::postgres {

std::string index_guard::required(connection const& on, migration_sql const& sql) const
{
    if (!built_) {
        return "";
    }
    return sql.run(true, "guard", place_arguments(on, *built_), [](std::vector<std::string> const& v) {
        return "SELECT " + require_sql("NOT EXISTS (" + state_sql(v[0], v[1]) +
                                           " AND NOT (i.indisvalid AND i.indisready))",
                                       "index");
    });
}

std::vector<statement_result> index_guard::execute(connection& on, migration_sql const& sql,
                                                   std::function<std::string()> const& message)
{
    try {
        auto results = execute_ours(on, sql, [&] {
            auto text = required(on, sql);
            return text + message();
        });
        built_.reset();
        return results;
    }
    catch (sql_error const& e) {
        if (broken_requirement(e.error) == "index") {
            throw index_busy();
        }
        throw;
    }
}

} // namespace schemagate::postgres
