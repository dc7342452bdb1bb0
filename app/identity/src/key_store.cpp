#include "identity/key_store.hpp"

#include "database/rfc3339.hpp"

namespace app {
namespace {

std::string columns()
{
    return "id, name, scope, " + rfc3339("created_at") + ", created_by, " + rfc3339("expires_at") + ", " +
           rfc3339("revoked_at") + ", revoked_by";
}

stored_key key_of(query_row const& row)
{
    return {text_in(row[0]), text_in(row[1]), text_in(row[2]), text_in(row[3]),
            row[4],          row[5],          row[6],          row[7]};
}

bool is_uuid(std::string const& text)
{
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        char const c = text[i];
        bool const digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !digit) {
            return false;
        }
    }
    return true;
}

} // namespace

stored_key key_store::add(database_connection& c, std::string const& name, scope may,
                          std::string const& key_hash, std::string const& actor,
                          std::optional<std::int64_t> expires_at) const
{
    auto const made =
        c.ask("insert into " + table_ +
                  " (name, key_hash, scope, created_by, expires_at) values ($1, decode($2, 'hex'), $3, $4, "
                  "to_timestamp($5::bigint / 1000000.0)) returning " +
                  columns(),
              {name, key_hash, std::string{name_of(may)}, actor,
               expires_at ? sql_text{std::to_string(*expires_at)} : std::nullopt});
    return key_of(made[0]);
}

bool key_store::revoke(database_connection& c, std::string const& id, std::string const& actor) const
{
    return is_uuid(id) &&
           !c.ask("update " + table_ +
                      " set revoked_at = clock_timestamp(), revoked_by = $2 where id = $1::uuid and "
                      "revoked_at is null returning id",
                  {id, actor})
                .empty();
}

std::vector<stored_key> key_store::list(database_connection& c) const
{
    std::vector<stored_key> out;
    for (auto const& row :
         c.ask("select " + columns() + " from " + table_ + " order by api_keys.created_at desc, id")) {
        out.push_back(key_of(row));
    }
    return out;
}

boost::json::object to_json(stored_key const& key)
{
    auto const or_null = [](std::optional<std::string> const& text) {
        return text ? boost::json::value(*text) : boost::json::value(nullptr);
    };
    return {{"id", key.id},
            {"name", key.name},
            {"scope", key.may},
            {"created_at", key.created_at},
            {"created_by", or_null(key.created_by)},
            {"expires_at", or_null(key.expires_at)},
            {"revoked_at", or_null(key.revoked_at)},
            {"revoked_by", or_null(key.revoked_by)}};
}

} // namespace app
