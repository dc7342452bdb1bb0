#include "execution_list.hpp"

#include "execution_row.hpp"

namespace app {
namespace {

/// Conditions, each with its value bound.
class conditions
{
public:
    explicit conditions(std::vector<sql_text>& values) : values_{values} {}

    [[nodiscard]] std::string bind(std::string value)
    {
        values_.emplace_back(std::move(value));
        return "$" + std::to_string(values_.size());
    }
    void add(std::string const& condition) { sql_ += (sql_.empty() ? "" : " and ") + condition; }
    [[nodiscard]] std::string const& sql() const noexcept { return sql_; }

private:
    std::vector<sql_text>& values_;
    std::string sql_;
};

void add_times(conditions& where, execution_filter const& filter)
{
    // Without a limit rows at the end of time are listed too.
    if (filter.since != beginning_of_time) {
        where.add("x.executed_at >= " + where.bind(to_sql_time(filter.since)) + "::timestamptz");
    }
    if (filter.until != end_of_time) {
        where.add("x.executed_at < " + where.bind(to_sql_time(filter.until)) + "::timestamptz");
    }
    if (filter.after) {
        auto const at = where.bind(to_sql_time(filter.after->executed_at)) + "::timestamptz";
        auto const id = where.bind(filter.after->id) + "::uuid";
        // The first, which the second implies, is what leaves out the months after.
        where.add("x.executed_at <= " + at);
        where.add("(x.executed_at, x.id) < (" + at + ", " + id + ")");
    }
}

void add_values(conditions& where, execution_filter const& filter)
{
    if (filter.prompt) {
        where.add("x.template_name = " + where.bind(*filter.prompt));
    }
    if (filter.version) {
        where.add("x.template_version = " + where.bind(std::to_string(*filter.version)) + "::integer");
    }
    if (filter.user_id) {
        where.add("x.user_id = " + where.bind(*filter.user_id));
    }
}

} // namespace

list_statement list_of(std::string const& table, execution_filter const& filter)
{
    list_statement out;
    conditions where{out.values};
    add_times(where, filter);
    add_values(where, filter);
    auto const select = "select " + execution_columns(filter.with_content) + " from ";
    auto const order = [&](std::string const& of) {
        return " order by " + of + ".executed_at desc, " + of + ".id desc limit " +
               where.bind(std::to_string(filter.limit + 1));
    };
    if (filter.prompt || filter.user_id) {
        if (filter.status) {
            where.add("x.status = " + where.bind(std::string{name(*filter.status)}));
        }
        out.sql = select + table + " x where " + where.sql() + order("x");
        return out;
    }
    // The index on (status, executed_at) serves each status by itself.
    where.add("x.status = s.wanted");
    auto const statuses = where.bind(filter.status ? "{" + std::string{name(*filter.status)} + "}"
                                                   : "{rendered,blocked,success,failure,partial}");
    out.sql = select + "unnest(" + statuses + "::text[]) as s (wanted) cross join lateral (select x.* from " +
              table + " x where " + where.sql() + order("x") + ") e" + order("e");
    return out;
}

} // namespace app
