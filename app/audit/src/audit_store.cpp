#include "audit/audit_store.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "database/rfc3339.hpp"

namespace app {
namespace {

sql_text number(std::optional<std::int64_t> const& value)
{
    return value ? sql_text{std::to_string(*value)} : std::nullopt;
}

} // namespace

void audit_store::add(database_connection& c, audit_entry const& entry, std::string const& actor,
                      std::string const& request_id) const
{
    c.ask("insert into " + table_ +
              " (actor, action, object_type, object_name, details, request_id) values ($1, $2, $3, $4, "
              "$5::jsonb, $6)",
          {actor, entry.action, entry.object_type, entry.object_name, boost::json::serialize(entry.details),
           request_id});
}

std::vector<audit_row> audit_store::list(database_connection& c, audit_filter const& filter) const
{
    auto const found = c.ask(
        "select id, " + rfc3339("at") +
            ", actor, action, object_type, object_name, details, request_id from " + table_ +
            " where ($1::text is null or object_type = $1) and ($2::text is null or object_name = $2) and "
            "($3::text is null or actor = $3) and ($4::text is null or action = $4) and ($5::bigint is null "
            "or "
            "id < $5::bigint) order by id desc limit $6::bigint",
        {filter.object_type, filter.object_name, filter.actor, filter.action, number(filter.before),
         std::to_string(filter.limit)});
    std::vector<audit_row> out;
    for (auto const& row : found) {
        audit_row one;
        one.id = integer_in(row[0]);
        one.at = text_in(row[1]);
        one.actor = row[2];
        one.action = text_in(row[3]);
        one.object_type = text_in(row[4]);
        one.object_name = row[5].value_or("");
        one.details = boost::json::parse(text_in(row[6])).as_object();
        one.request_id = row[7];
        out.push_back(std::move(one));
    }
    return out;
}

boost::json::object to_json(audit_row const& row)
{
    auto const or_null = [](std::optional<std::string> const& text) {
        return text ? boost::json::value(*text) : boost::json::value(nullptr);
    };
    return {{"id", row.id},
            {"at", row.at},
            {"actor", or_null(row.actor)},
            {"action", row.action},
            {"object_type", row.object_type},
            {"object_name", row.object_name},
            {"details", row.details},
            {"request_id", or_null(row.request_id)}};
}

} // namespace app
