#include "schemagate/postgres/reading_transaction.hpp"

#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {

std::string_view reading_transaction::begin() noexcept
{
    return "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL search_path = pg_catalog, pg_temp;"
           " SET LOCAL quote_all_identifiers = off; SET LOCAL row_security = on;"
           " SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '10s'; ";
}

reading_transaction::reading_transaction(connection& on) : on_{on}
{
    on_.execute(begin());
}

reading_transaction::~reading_transaction()
{
    roll_back(on_);
}

} // namespace schemagate::postgres
