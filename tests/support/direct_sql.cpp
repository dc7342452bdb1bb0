#include "direct_sql.hpp"

#include <cctype>
#include <stdexcept>

#include <libpq-fe.h>

namespace support {
namespace {

PGconn* raw(std::shared_ptr<void> const& connection)
{
    return static_cast<PGconn*>(connection.get());
}

} // namespace

sql_session::sql_session(std::string const& url)
    : connection_{PQconnectdb(url.c_str()), [](void* c) { PQfinish(static_cast<PGconn*>(c)); }}
{
    if (PQstatus(raw(connection_)) != CONNECTION_OK) {
        throw std::runtime_error(PQerrorMessage(raw(connection_)));
    }
    PQsetNoticeProcessor(
        raw(connection_), [](void*, char const*) {}, nullptr);
}

rows sql_session::operator()(std::string const& sql)
{
    std::unique_ptr<PGresult, decltype(&PQclear)> const result{PQexec(raw(connection_), sql.c_str()),
                                                               &PQclear};
    auto const status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        auto const* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        throw std::runtime_error(std::string{state == nullptr ? "?????" : state} + " " +
                                 PQerrorMessage(raw(connection_)));
    }
    rows all;
    for (int r = 0; r < PQntuples(result.get()); ++r) {
        auto& row = all.emplace_back();
        for (int c = 0; c < PQnfields(result.get()); ++c) {
            row.emplace_back(PQgetisnull(result.get(), r, c) != 0
                                 ? "\\N"
                                 : std::string(PQgetvalue(result.get(), r, c),
                                               static_cast<std::size_t>(PQgetlength(result.get(), r, c))));
        }
    }
    return all;
}

std::string sql_session::value(std::string const& sql)
{
    auto const all = (*this)(sql);
    if (all.empty() || all[0].empty()) {
        throw std::runtime_error("no row from: " + sql);
    }
    return all[0][0];
}

rows query(std::string const& url, std::string const& sql)
{
    return sql_session{url}(sql);
}

std::string value(std::string const& url, std::string const& sql)
{
    return sql_session{url}.value(sql);
}

std::string percent_encoded(std::string const& text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (auto const byte : text) {
        auto const c = static_cast<unsigned char>(byte);
        if (std::isalnum(c) != 0 && c < 0x80) {
            encoded += static_cast<char>(c);
        }
        else {
            encoded += {'%', digits[c >> 4], digits[c & 15]};
        }
    }
    return encoded;
}

std::string sql_literal(std::string const& text)
{
    std::string quoted = "'";
    for (char const c : text) {
        quoted += c;
        if (c == '\'') {
            quoted += c;
        }
    }
    return quoted + "'";
}

} // namespace support
