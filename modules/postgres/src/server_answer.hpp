// What libpq got from the server, as values. Internal to this module.
#pragma once

#include <libpq-fe.h>
#include <memory>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

struct result_deleter
{
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using result_ptr = std::unique_ptr<PGresult, result_deleter>;

/// `statement`: its index, from 0, in the message.
[[nodiscard]] server_error error_of(PGconn* handle, PGresult const* r, std::size_t statement);
[[nodiscard]] statement_result rows_of(PGresult const* r);
[[nodiscard]] server_notice notice_of(PGresult const* r);

} // namespace schemagate::postgres
