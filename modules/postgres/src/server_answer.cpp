#include "server_answer.hpp"

namespace schemagate::postgres {
namespace {

std::string field(PGresult const* r, int code)
{
    auto const* text = PQresultErrorField(r, code);
    return text != nullptr ? text : "";
}

} // namespace

server_error error_of(PGconn* handle, PGresult const* r, std::size_t statement)
{
    server_error e;
    e.statement = statement;
    e.sqlstate = field(r, PG_DIAG_SQLSTATE);
    e.message = field(r, PG_DIAG_MESSAGE_PRIMARY);
    e.detail = field(r, PG_DIAG_MESSAGE_DETAIL);
    e.hint = field(r, PG_DIAG_MESSAGE_HINT);
    e.context = field(r, PG_DIAG_CONTEXT);
    e.schema = field(r, PG_DIAG_SCHEMA_NAME);
    e.table = field(r, PG_DIAG_TABLE_NAME);
    e.column = field(r, PG_DIAG_COLUMN_NAME);
    e.constraint = field(r, PG_DIAG_CONSTRAINT_NAME);
    e.source = field(r, PG_DIAG_SOURCE_FUNCTION);
    if (auto const position = field(r, PG_DIAG_STATEMENT_POSITION); !position.empty()) {
        e.position = std::stoul(position);
    }
    if (e.sqlstate.empty()) {
        e.message = PQresultErrorMessage(r);
    }
    e.connection_lost = PQstatus(handle) != CONNECTION_OK;
    return e;
}

statement_result rows_of(PGresult const* r)
{
    statement_result result;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the C API takes it as non-const, and only reads
    result.tag = PQcmdStatus(const_cast<PGresult*>(r));
    auto const columns = PQnfields(r);
    for (int column = 0; column < columns; ++column) {
        result.columns.emplace_back(PQfname(r, column));
    }
    for (int row = 0; row < PQntuples(r); ++row) {
        auto& values = result.rows.emplace_back();
        for (int column = 0; column < columns; ++column) {
            if (PQgetisnull(r, row, column) != 0) {
                values.emplace_back(std::nullopt);
            }
            else {
                values.emplace_back(std::string{PQgetvalue(r, row, column),
                                                static_cast<std::size_t>(PQgetlength(r, row, column))});
            }
        }
    }
    return result;
}

server_notice notice_of(PGresult const* r)
{
    // Not translated, unlike PG_DIAG_SEVERITY (PostgreSQL documentation, "55.8 Error and Notice Message
    // Fields").
    return {field(r, PG_DIAG_SEVERITY_NONLOCALIZED), field(r, PG_DIAG_SQLSTATE),
            field(r, PG_DIAG_MESSAGE_PRIMARY)};
}

} // namespace schemagate::postgres
