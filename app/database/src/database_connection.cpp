#include "database/database_connection.hpp"

#include <algorithm>
#include <libpq-fe.h>
#include <poll.h>

#include "database/database_error.hpp"
#include "kept_statements.hpp"
#include "server_answers.hpp"

namespace app {
namespace {

using kind = database_error::kind;

// libpq would print notices to stderr.
void ignore_notice(void*, PGresult const*) {}

std::vector<char const*> values_of(std::vector<sql_text> const& parameters)
{
    std::vector<char const*> values;
    values.reserve(parameters.size());
    for (auto const& value : parameters) {
        if (value && value->find('\0') != std::string::npos) {
            throw database_error{kind::refused, "SQLSTATE 22021: a value holds a NUL byte", "22021"};
        }
        values.push_back(value ? value->c_str() : nullptr);
    }
    return values;
}

std::string setting(char const* name, std::chrono::milliseconds value, bool local)
{
    return std::string{local ? "SET LOCAL " : "SET "} + name + " = " + std::to_string(value.count()) + ";";
}

} // namespace

database_connection::database_connection(pg_conn* handle, connection_options options,
                                         schemagate::postgres::wake const& stop)
    : handle_{handle}, options_{options}, stop_{stop}, kept_{std::make_unique<kept_statements>()}
{
    PQsetNoticeReceiver(handle_, ignore_notice, nullptr);
    PQsetnonblocking(handle_, 1); // what cannot be sent at once must not hold us longer than the limit
}

database_connection::~database_connection() = default;

void database_connection::set_up()
{
    // A standby refuses the serializable transactions that a database may ask for by default.
    run("BEGIN ISOLATION LEVEL READ COMMITTED");
    auto const pid = integer_in(ask_unkept("SELECT pg_backend_pid()", {})[0].at(0));
    run("ROLLBACK");
    pooled_ = !options_.session_pooler && pid != PQbackendPID(handle_);
    keeps_ = !pooled_;
    if (pooled_) {
        return; // a SET would reach other clients' statements
    }
    // A transaction of ours waits for nothing but the database; one that is idle has lost its owner.
    run(setting("statement_timeout", options_.statement_time, false) +
        setting("idle_in_transaction_session_timeout", std::chrono::seconds{30}, false) +
        "SET default_transaction_isolation = 'read committed';");
    if (PQserverVersion(handle_) >= 140000) {
        try {
            // What a killed service has left running ends, instead of holding its locks to the end.
            run("SET client_connection_check_interval = '1s'");
        }
        catch (database_error const&) { // a server on a platform that cannot do it refuses
            if (!is_idle()) {
                throw;
            }
        }
    }
}

std::string database_connection::transaction_settings() const
{
    return pooled_ ? setting("statement_timeout", options_.statement_time, true) : std::string{};
}

query_result database_connection::ask(std::string_view sql, std::vector<sql_text> const& parameters)
{
    auto const values = values_of(parameters);
    if (!keeps_) {
        return ask_unkept(sql, values);
    }
    auto const* known = kept_->find(sql);
    try {
        return ask_kept(known != nullptr ? *known : keep(sql), values);
    }
    catch (database_error const& e) {
        // 0A000: a column's type has changed since it was prepared. 26000: the server knows no such
        // statement, so this is not the server connection that we prepared it on: a pooler shares them.
        // 42P05: the same, met while preparing.
        bool const outdated = known != nullptr && e.sqlstate() == "0A000";
        bool const elsewhere = e.sqlstate() == "26000" || e.sqlstate() == "42P05";
        if (!outdated && !elsewhere) {
            throw;
        }
        kept_->forget(sql);
        keeps_ = !elsewhere;
        if (!is_idle()) { // the transaction has failed with it; the next one will work
            throw database_error{kind::busy, e.what(), e.sqlstate()};
        }
    }
    return keeps_ ? ask_kept(keep(sql), values) : ask_unkept(sql, values);
}

query_result database_connection::ask_unkept(std::string_view sql, std::vector<char const*> const& values)
{
    if (PQsendQueryParams(handle_, std::string{sql}.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0) {
        throw answers::lost(handle_);
    }
    return answers{handle_, options_, pooled_, stop_}.read(tag_);
}

query_result database_connection::ask_kept(std::string const& prepared_as,
                                           std::vector<char const*> const& values)
{
    if (PQsendQueryPrepared(handle_, prepared_as.c_str(), static_cast<int>(values.size()), values.data(),
                            nullptr, nullptr, 0) == 0) {
        throw answers::lost(handle_);
    }
    return answers{handle_, options_, pooled_, stop_}.read(tag_);
}

std::string const& database_connection::keep(std::string_view sql)
{
    if (auto const drop = kept_->deallocate_forgotten(); !drop.empty()) {
        run(drop);
    }
    auto prepared_as = kept_->new_name();
    if (PQsendPrepare(handle_, prepared_as.c_str(), std::string{sql}.c_str(), 0, nullptr) == 0) {
        throw answers::lost(handle_);
    }
    answers{handle_, options_, pooled_, stop_}.read(tag_);
    return kept_->add(sql, std::move(prepared_as));
}

void database_connection::run(std::string const& sql)
{
    if (PQsendQuery(handle_, sql.c_str()) == 0) {
        throw answers::lost(handle_);
    }
    answers{handle_, options_, pooled_, stop_}.read(tag_);
}

std::size_t database_connection::copy(std::string const& sql, std::string_view data)
{
    if (PQsendQuery(handle_, sql.c_str()) == 0) {
        throw answers::lost(handle_);
    }
    return answers{handle_, options_, pooled_, stop_}.read_after_copy(data, tag_).affected();
}

bool database_connection::is_usable() const noexcept
{
    return PQstatus(handle_) == CONNECTION_OK;
}

bool database_connection::is_idle() const noexcept
{
    return is_usable() && PQtransactionStatus(handle_) == PQTRANS_IDLE;
}

bool database_connection::is_aborted() const noexcept
{
    return PQtransactionStatus(handle_) == PQTRANS_INERROR;
}

bool database_connection::is_stale() const noexcept
{
    pollfd seen{PQsocket(handle_), POLLIN | POLLRDHUP, 0};
    return !is_idle() || ::poll(&seen, 1, 0) != 0;
}

bool database_connection::says_read_only() const noexcept
{
    auto const says = [this](char const* parameter) {
        auto const* const value = PQparameterStatus(handle_, parameter);
        return value != nullptr && std::string_view{value} == "on";
    };
    return says("in_hot_standby") || says("default_transaction_read_only");
}

} // namespace app
