#include <bit>
#include <openssl/sha.h>

#include "activity_sql.hpp"
#include "schemagate/postgres/leadership.hpp"

namespace schemagate::postgres {
namespace {

std::int64_t key_of(std::string const& text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest);
    std::uint64_t key = 0;
    for (int i = 0; i < 8; ++i) {
        key = key << 8U | digest[i];
    }
    return std::bit_cast<std::int64_t>(key);
}

// A bigint key stands in pg_locks as two halves with objsubid 1 (PostgreSQL documentation, "54.13 pg_locks").
std::string is_key(std::int64_t key)
{
    auto const bits = std::bit_cast<std::uint64_t>(key);
    return "(l.classid = " + std::to_string(bits >> 32U) +
           "::pg_catalog.oid AND l.objid = " + std::to_string(bits & 0xFFFFFFFFU) + "::pg_catalog.oid)";
}

std::string holders_sql(std::string const& keys)
{
    return "pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND " +
           keys +
           " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
           " WHERE d.datname = pg_catalog.current_database())";
}

class advisory_lock_leadership final : public leadership
{
public:
    advisory_lock_leadership(std::int64_t key, std::int64_t marker, bool pooled)
        : key_{key}, marker_{marker}, pooled_{pooled}
    {}

    bool try_acquire(connection& on) override
    {
        if (pooled_) { // another process may hold it: the fence of each transaction finds out
            return !who_leads(on).has_value();
        }
        return on.execute("SELECT pg_catalog.pg_try_advisory_lock(" + literal(key_) + ")")
                   .at(0)
                   .rows.at(0)
                   .at(0) == "t";
    }

    std::string fence_sql() const override
    {
        return "SELECT pg_catalog.pg_try_advisory_xact_lock(" + literal(key_) +
               ") AND pg_catalog.pg_try_advisory_xact_lock(" + literal(marker_) + ")";
    }

    std::string still_fenced_sql() const override
    {
        return "SELECT " + are_ours(2, "(" + is_key(marker_) + " OR " + is_key(key_) + ")");
    }

    std::string held_sql() const override { return are_ours(1, is_key(key_)); }

    std::optional<leader_description> who_leads(connection& on) const override
    {
        auto const answer = on.execute("SELECT l.pid, " + activity_columns("s", "backend_start") +
                                       " FROM (SELECT l.pid FROM " + holders_sql(is_key(key_)) +
                                       " LIMIT 1) l"
                                       " LEFT JOIN pg_catalog.pg_stat_activity s ON s.pid = l.pid");
        if (answer.at(0).rows.empty()) {
            return std::nullopt;
        }
        auto const& row = answer[0].rows[0];
        return leader_description{std::stoi(row.at(0).value_or("0")), row.at(1).value_or(""),
                                  row.at(2).value_or(""), row.at(3).value_or(""), row.at(4).value_or("")};
    }

private:
    // One look at the locks for all of them: it is what costs.
    static std::string are_ours(int count, std::string const& keys)
    {
        return "(SELECT pg_catalog.count(*) = " + std::to_string(count) + " FROM " + holders_sql(keys) +
               " AND l.pid = pg_catalog.pg_backend_pid())";
    }
    static std::string literal(std::int64_t key) { return "'" + std::to_string(key) + "'::pg_catalog.int8"; }

    std::int64_t key_;
    std::int64_t marker_;
    bool pooled_;
};

} // namespace

std::int64_t lock_key(std::string const& history_schema, std::string const& catalog_name)
{
    return key_of("schemagate/1/" + history_schema + "/" + catalog_name);
}

std::int64_t marker_key(std::string const& history_schema, std::string const& catalog_name)
{
    return key_of("schemagate/1/marker/" + history_schema + "/" + catalog_name);
}

std::unique_ptr<leadership> advisory_lock(std::int64_t key, std::int64_t marker, bool pooled)
{
    return std::make_unique<advisory_lock_leadership>(key, marker, pooled);
}

} // namespace schemagate::postgres
