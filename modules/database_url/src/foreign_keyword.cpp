#include "foreign_keyword.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "tls_word.hpp"

namespace schemagate::url {

namespace {

using enum translation;

constexpr auto foreign = std::array{
    foreign_keyword{"schema", "Prisma's", option, "search_path"},
    foreign_keyword{"connection_limit", "Prisma's"},
    foreign_keyword{"pool_timeout", "Prisma's"},
    foreign_keyword{"socket_timeout", "Prisma's"},
    foreign_keyword{"pgbouncer", "Prisma's"},
    foreign_keyword{"statement_cache_size", "Prisma's"},
    foreign_keyword{"sslaccept", "Prisma's", tls, "sslmode"},
    foreign_keyword{"sslidentity", "Prisma's"},
    foreign_keyword{"single_use_connections", "Prisma's"},
    foreign_keyword{"max_connection_lifetime", "Prisma's"},
    foreign_keyword{"search_path", "pgx's and lib/pq's", option, "search_path"},
    foreign_keyword{"binary_parameters", "lib/pq's"},
    foreign_keyword{"sslinline", "lib/pq's"},
    foreign_keyword{"x-migrations-table", "golang-migrate's"},
    foreign_keyword{"x-migrations-table-quoted", "golang-migrate's"},
    foreign_keyword{"x-statement-timeout", "golang-migrate's", option, "statement_timeout"},
    foreign_keyword{"x-multi-statement", "golang-migrate's"},
    foreign_keyword{"pool_max_conns", "pgx's"},
    foreign_keyword{"pool_min_conns", "pgx's"},
    foreign_keyword{"pool_max_conn_lifetime", "pgx's"},
    foreign_keyword{"pool_max_conn_idle_time", "pgx's"},
    foreign_keyword{"pool_health_check_period", "pgx's"},
    foreign_keyword{"default_query_exec_mode", "pgx's"},
    foreign_keyword{"statement_cache_capacity", "pgx's"},
    foreign_keyword{"description_cache_capacity", "pgx's"},
    foreign_keyword{"prefersimpleprotocol", "GORM's"},
    foreign_keyword{"timezone", "GORM's", option, "TimeZone"},
    foreign_keyword{"time_zone", "another driver's", option, "TimeZone"},
    foreign_keyword{"currentschema", "JDBC's", option, "search_path"},
    foreign_keyword{"sslfactory", "JDBC's", tls, "sslmode"},
    foreign_keyword{"sockettimeout", "JDBC's"},
    foreign_keyword{"logintimeout", "JDBC's", rename, "connect_timeout"},
    foreign_keyword{"tcpkeepalive", "JDBC's", fixed, "keepalives=1"},
    foreign_keyword{"rewritebatchedinserts", "JDBC's"},
    foreign_keyword{"rewritebatchedstatements", "JDBC's"},
    foreign_keyword{"stringtype", "JDBC's"},
    foreign_keyword{"defaultrowfetchsize", "JDBC's"},
    foreign_keyword{"targetservertype", "JDBC's", fixed, "target_session_attrs=read-write"},
    foreign_keyword{"socketfactory", "the Cloud SQL JDBC factory's"},
    foreign_keyword{"cloudsqlinstance", "the Cloud SQL JDBC factory's", cloudsql, "host"},
    foreign_keyword{"applicationname", "JDBC's", rename, "application_name"},
    foreign_keyword{"preparethreshold", "JDBC's"},
    foreign_keyword{"socket", "another driver's", folder, "host"},
    foreign_keyword{"socket_dir", "Ecto's", folder, "host"},
    foreign_keyword{"unix_sock", "pg8000's", folder, "host"},
    foreign_keyword{"unix_socket", "MySQL's", folder, "host"},
    foreign_keyword{"ssl_context", "pg8000's", tls, "sslmode"},
    foreign_keyword{"database", "another driver's", rename, "dbname"},
    foreign_keyword{"db", "another driver's", rename, "dbname"},
    foreign_keyword{"pass", "another driver's", rename, "password"},
    foreign_keyword{"passwd", "another driver's", rename, "password"},
    foreign_keyword{"pwd", "another driver's", rename, "password"},
    foreign_keyword{"hostname", "another driver's", rename, "host"},
    foreign_keyword{"username", "another driver's", rename, "user"},
    foreign_keyword{"connecttimeout", "JDBC's", rename, "connect_timeout"},
    foreign_keyword{"connection_timeout", "another driver's", rename, "connect_timeout"},
    foreign_keyword{"statement_timeout", "another driver's", option, "statement_timeout"},
    foreign_keyword{"lock_timeout", "another driver's", option, "lock_timeout"},
    foreign_keyword{"idle_in_transaction_session_timeout", "the server's", option,
                    "idle_in_transaction_session_timeout"},
    foreign_keyword{"idle_session_timeout", "the server's", option, "idle_session_timeout"},
    foreign_keyword{"transaction_timeout", "the server's", option, "transaction_timeout"},
    foreign_keyword{"work_mem", "the server's", option, "work_mem"},
    foreign_keyword{"command_timeout", "asyncpg's"},
    foreign_keyword{"timeout", "asyncpg's", rename, "connect_timeout"},
    foreign_keyword{"server_settings", "asyncpg's"},
    foreign_keyword{"prepared_statement_cache_size", "asyncpg's (SQLAlchemy's)"},
    foreign_keyword{"prepared_statement_name_func", "asyncpg's (SQLAlchemy's)"},
    foreign_keyword{"max_cached_statement_lifetime", "asyncpg's"},
    foreign_keyword{"async_fallback", "SQLAlchemy's"},
    foreign_keyword{"pool_size", "Ecto's"},
    foreign_keyword{"pool_count", "Ecto's"},
    foreign_keyword{"queue_target", "Ecto's"},
    foreign_keyword{"queue_interval", "Ecto's"},
    foreign_keyword{"ssl_opts", "Ecto's"},
    foreign_keyword{"prepare", "Ecto's"},
    foreign_keyword{"max_connections", "another driver's"},
    foreign_keyword{"uselibpqcompat", "node-postgres's"},
    foreign_keyword{"charset", "another driver's", fixed, "client_encoding=UTF8"},
    foreign_keyword{"encoding", "another driver's", fixed, "client_encoding=UTF8"},
    foreign_keyword{"supa", "Vercel's"},
    foreign_keyword{"workaround", "Vercel's"},
    foreign_keyword{"ssl", "another driver's", tls, "sslmode"}, // libpq takes ssl=true alone
};

// Release notes of PostgreSQL 16, 17 and 18.
struct newer_keyword
{
    std::string_view keyword;
    int since;
};

constexpr auto newer =
    std::array{newer_keyword{"require_auth", 16},         newer_keyword{"load_balance_hosts", 16},
               newer_keyword{"sslcertmode", 16},          newer_keyword{"gssdelegation", 17},
               newer_keyword{"sslnegotiation", 17},       newer_keyword{"min_protocol_version", 18},
               newer_keyword{"max_protocol_version", 18}, newer_keyword{"sslkeylogfile", 18},
               newer_keyword{"scram_client_key", 18},     newer_keyword{"scram_server_key", 18},
               newer_keyword{"servicefile", 18},          newer_keyword{"oauth_issuer", 18},
               newer_keyword{"oauth_client_id", 18},      newer_keyword{"oauth_client_secret", 18},
               newer_keyword{"oauth_scope", 18}};

} // namespace

foreign_keyword const* find_foreign(std::string_view keyword)
{
    auto const folded = lowered(keyword);
    auto const found =
        std::find_if(foreign.begin(), foreign.end(), [&](auto const& one) { return one.keyword == folded; });
    return found == foreign.end() ? nullptr : &*found;
}

std::optional<connection_parameter> translated(foreign_keyword const& one, std::string const& value)
{
    auto const becomes = std::string{one.becomes};
    switch (one.how) {
    case drop: return std::nullopt;
    case rename:
        if (becomes == "connect_timeout" && !all(value, is_digit))
            return std::nullopt;
        return connection_parameter{becomes, secret{value}};
    case tls: {
        auto const mode = sslmode_of(value);
        return mode.empty() ? std::nullopt
                            : std::optional{connection_parameter{becomes, secret{std::string{mode}}}};
    }
    case cloudsql: return connection_parameter{becomes, secret{"/cloudsql/" + value}};
    case folder: {
        auto const file = value.find("/.s.PGSQL.");
        return connection_parameter{becomes, secret{value.substr(0, file)}};
    }
    case option: return connection_parameter{"options", secret{"-c " + becomes + "=" + value}};
    case fixed: {
        auto const equals = becomes.find('=');
        return connection_parameter{becomes.substr(0, equals), secret{becomes.substr(equals + 1)}};
    }
    }
    return std::nullopt;
}

int since_libpq(std::string_view keyword)
{
    auto const folded = lowered(keyword);
    for (auto const& one : newer)
        if (folded == one.keyword)
            return one.since;
    return 0;
}

} // namespace schemagate::url
