// A keyword in the query that libpq does not know: whose is it, and what is libpq's way?
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

struct foreign_keyword
{
    std::string_view keyword; ///< lower case
    std::string_view whose;
    std::string_view fix;
};

constexpr auto drop = std::string_view{"Drop it."};
constexpr auto search_path = std::string_view{"Write options=-c%20search_path%3DNAME, or drop it."};
constexpr auto timeout = std::string_view{"Write connect_timeout=SECONDS."};

constexpr auto foreign_keywords = std::array{
    foreign_keyword{"schema", "Prisma's", search_path},
    foreign_keyword{"connection_limit", "Prisma's", drop},
    foreign_keyword{"pool_timeout", "Prisma's", drop},
    foreign_keyword{"socket_timeout", "Prisma's", drop},
    foreign_keyword{"pgbouncer", "Prisma's",
                    "Drop it; a pooler is recognised, and MIGRATION_DATABASE_URL names a way past it."},
    foreign_keyword{"statement_cache_size", "Prisma's", drop},
    foreign_keyword{"sslaccept", "Prisma's", "Write sslmode=require or sslmode=verify-full."},
    foreign_keyword{"sslidentity", "Prisma's", "Write sslcert=FILE and sslkey=FILE."},
    foreign_keyword{"search_path", "pgx's and lib/pq's", search_path},
    foreign_keyword{"binary_parameters", "lib/pq's", drop},
    foreign_keyword{"x-migrations-table", "golang-migrate's", drop},
    foreign_keyword{"pool_max_conns", "pgx's", drop},
    foreign_keyword{"default_query_exec_mode", "pgx's", drop},
    foreign_keyword{"currentschema", "JDBC's", search_path},
    foreign_keyword{"sslfactory", "JDBC's", "Write sslmode=require or sslmode=verify-full."},
    foreign_keyword{"sockettimeout", "JDBC's", drop},
    foreign_keyword{"socketfactory", "the Cloud SQL JDBC factory's", "Name the socket: host=/cloudsql/P:R:I"},
    foreign_keyword{"cloudsqlinstance", "the Cloud SQL JDBC factory's",
                    "Name the socket: host=/cloudsql/P:R:I"},
    foreign_keyword{"applicationname", "JDBC's", "Write application_name=NAME."},
    foreign_keyword{"preparethreshold", "JDBC's", drop},
    foreign_keyword{"socket", "another driver's", "Write host=/FOLDER/OF/THE/SOCKET."},
    foreign_keyword{"unix_sock", "pg8000's", "Write host=/FOLDER/OF/THE/SOCKET."},
    foreign_keyword{"database", "another driver's", "Write dbname=NAME."},
    foreign_keyword{"username", "another driver's", "Write user=NAME."},
    foreign_keyword{"connecttimeout", "JDBC's", timeout},
    foreign_keyword{"connection_timeout", "another driver's", timeout},
    foreign_keyword{"timezone", "another driver's", "Write options=-c%20TimeZone%3DUTC, or drop it."},
    foreign_keyword{"statement_timeout", "another driver's", "Write options=-c%20statement_timeout%3D5s."},
    foreign_keyword{"charset", "another driver's", "Write client_encoding=UTF8."},
    foreign_keyword{"encoding", "another driver's", "Write client_encoding=UTF8."},
    foreign_keyword{"supa", "Vercel's", drop},
    foreign_keyword{"workaround", "Vercel's", drop},
};

// Known to newer versions of libpq only (release notes of PostgreSQL 16, 17 and 18).
struct newer_keyword
{
    std::string_view keyword;
    int since;
};

constexpr auto newer_keywords =
    std::array{newer_keyword{"require_auth", 16},         newer_keyword{"load_balance_hosts", 16},
               newer_keyword{"sslcertmode", 16},          newer_keyword{"gssdelegation", 17},
               newer_keyword{"sslnegotiation", 17},       newer_keyword{"min_protocol_version", 18},
               newer_keyword{"max_protocol_version", 18}, newer_keyword{"sslkeylogfile", 18},
               newer_keyword{"scram_client_key", 18},     newer_keyword{"scram_server_key", 18},
               newer_keyword{"servicefile", 18},          newer_keyword{"oauth_issuer", 18},
               newer_keyword{"oauth_client_id", 18},      newer_keyword{"oauth_client_secret", 18},
               newer_keyword{"oauth_scope", 18}};

std::string_view probably_meant(std::string_view keyword)
{
    auto words = std::vector<std::string_view>{};
    for (auto const& known : libpq_keywords())
        words.push_back(known.keyword);
    return nearest_word(keyword, words);
}

} // namespace

void explain_keyword(inspection& i, std::string_view keyword, bool may_be_named)
{
    auto const folded = lowered(keyword);
    for (auto const& foreign : foreign_keywords)
        if (folded == foreign.keyword)
            return i.refuse("parameter-unknown",
                            i.name + " has the parameter " + printable(keyword) + ", which is " +
                                std::string{foreign.whose} + ": libpq refuses it.",
                            std::string{foreign.fix});
    for (auto const& newer : newer_keywords)
        if (folded == newer.keyword)
            return i.refuse("parameter-unknown",
                            i.name + " has the parameter " + std::string{newer.keyword} + ", which libpq " +
                                std::to_string(newer.since) + " brought; this program's is " +
                                std::to_string(libpq_version() / 10000) + " and refuses it.",
                            std::string{drop});
    if (find_keyword(folded))
        return i.refuse("parameter-unknown",
                        i.name + " has the parameter " + folded + " in capital letters, which libpq refuses.",
                        "Write " + folded + " in lower case.");
    auto const named = may_be_named && harmless_keyword(keyword);
    auto const meant = may_be_named ? probably_meant(folded) : std::string_view{};
    i.refuse("parameter-unknown",
             i.name + " has a parameter that libpq does not know" +
                 (named ? ": " + std::string{keyword} : std::string{}) + ".",
             (meant.empty() ? std::string{"Drop it, "}
                            : "Did you mean " + std::string{meant} + "? Otherwise drop it, ") +
                 "or write an & that belongs to a value as %26. The known ones: PostgreSQL documentation, "
                 "\"34.1.2 Parameter Key Words\".");
}

} // namespace schemagate::url
