#include "foreign_scheme.hpp"

#include <algorithm>
#include <array>

#include "schemagate/safe_text.hpp"

namespace schemagate::url {

namespace {

struct foreign_scheme
{
    std::string_view scheme;
    std::string_view what;
};

constexpr auto foreign_schemes = std::array{
    foreign_scheme{"mysql", "a MySQL"},
    foreign_scheme{"mysql2", "a MySQL"},
    foreign_scheme{"mariadb", "a MariaDB"},
    foreign_scheme{"sqlserver", "a SQL Server"},
    foreign_scheme{"mssql", "a SQL Server"},
    foreign_scheme{"oracle", "an Oracle"},
    foreign_scheme{"mongodb", "a MongoDB"},
    foreign_scheme{"mongodb+srv", "a MongoDB"},
    foreign_scheme{"redis", "a Redis"},
    foreign_scheme{"rediss", "a Redis"},
    foreign_scheme{"sqlite", "an SQLite"},
    foreign_scheme{"sqlite3", "an SQLite"},
    foreign_scheme{"file", "a file's"},
    foreign_scheme{"libsql", "a libSQL"},
    foreign_scheme{"http", "a web"},
    foreign_scheme{"https", "a web"},
    foreign_scheme{"prisma", "a Prisma Accelerate"},
    foreign_scheme{"prisma+postgres", "a Prisma Accelerate"},
    foreign_scheme{"clickhouse", "a ClickHouse"},
    foreign_scheme{"tcp", "a service link's"},
};

// Other tools' names for PostgreSQL's scheme.
constexpr auto aliases =
    std::array<std::string_view, 7>{"pg", "psql", "pgsql", "ecto", "cockroachdb", "cockroach", "postgis"};

} // namespace

std::string_view database_of_scheme(std::string_view scheme)
{
    auto const found = std::find_if(foreign_schemes.begin(), foreign_schemes.end(),
                                    [&](auto const& one) { return one.scheme == scheme; });
    return found == foreign_schemes.end() ? std::string_view{} : found->what;
}

bool nearly_postgresql(std::string const& scheme)
{
    return std::find(aliases.begin(), aliases.end(), scheme) != aliases.end() ||
           (scheme.size() <= 14 && !scheme.empty() &&
            std::min(edit_distance(scheme, "postgresql"), edit_distance(scheme, "postgres")) <= 2);
}

} // namespace schemagate::url
