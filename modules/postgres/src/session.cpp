#include "schemagate/postgres/session.hpp"

#include "schemagate/postgres/server_identity.hpp"

namespace schemagate::postgres {

session session::open(connection on, session_options options)
{
    session s;
    s.options_ = std::move(options);
    s.native_ = std::make_unique<connection>(std::move(on));
    auto const answer = s.native_->execute("SELECT pg_catalog.pg_backend_pid(),"
                                           " NULLIF(pg_catalog.current_setting('role'), 'none')");
    auto const& row = answer.at(0).rows.at(0);
    // Another backend answers than the one that greeted us.
    s.pooled_ = !s.options_.session_pooler && std::stoi(row.at(0).value_or("0")) != s.native_->protocol_pid();
    // ALTER ROLE … SET role. RESET SESSION AUTHORIZATION would not bring it back.
    if (s.options_.run_as.empty()) {
        s.options_.run_as = row.at(1).value_or("");
    }
    s.prepared_ = std::make_unique<prepared_statements>(*s.native_, !s.pooled_);
    if (!s.pooled_) {
        s.settle();
    }
    return s;
}

std::string session::settings_sql() const
{
    std::vector<std::pair<std::string, std::string>> settings{
        {"application_name", options_.application_name},
        {"search_path", "pg_catalog, pg_temp"},
        {"statement_timeout", "0"},
        {"lock_timeout", "0"},
        {"idle_in_transaction_session_timeout", "0"},
        {"client_min_messages", "warning"},
        {"standard_conforming_strings", "on"},
        {"client_encoding", "UTF8"},
        {"default_transaction_isolation", "read committed"},
        {"default_transaction_deferrable", "off"},
        {"DateStyle", "ISO"},
        {"row_security", "on"},
        {"check_function_bodies", "on"},
        {"quote_all_identifiers", "off"}, // format_type() heeds it, and so would the hashes
    };
    if (native_->server_version() >= 140000) {
        settings.emplace_back("idle_session_timeout", "0");
    }
    if (native_->server_version() >= 170000) {
        settings.emplace_back("transaction_timeout", "0");
    }
    if (!options_.run_as.empty()) {
        settings.emplace_back("role", options_.run_as);
    }
    // Again after each script: RESET ALL undoes them too.
    settings.insert(settings.end(), keepalives_.begin(), keepalives_.end());
    // One statement, and one column: each of many would cost more than what it sets.
    std::string sql;
    for (auto const& [name, value] : settings) {
        sql +=
            (sql.empty() ? "SELECT pg_catalog.concat(pg_catalog.set_config('" : ", pg_catalog.set_config('") +
            name + "', " + native_->literal(value) + (pooled_ ? ", true)" : ", false)");
    }
    return sql + ")";
}

std::string const& session::database_identity()
{
    if (database_identity_.empty()) {
        auto const oid = native_->execute("SELECT oid FROM pg_catalog.pg_database"
                                          " WHERE datname = pg_catalog.current_database()");
        database_identity_ =
            identify(*native_).system_identifier + "." + oid.at(0).rows.at(0).at(0).value_or("");
    }
    return database_identity_;
}

// The last ones let the server notice a killed or vanished leader within a second, even in the middle of a
// statement, and free the lock: by default it would first finish the statement, or wait for two hours.
void session::settle()
{
    keepalives_ = {
        {"tcp_keepalives_idle", "10"}, {"tcp_keepalives_interval", "5"}, {"tcp_keepalives_count", "3"}};
    constexpr auto check_interval = "client_connection_check_interval";
    if (native_->server_version() >= 140000) {
        keepalives_.emplace_back(check_interval, "500ms");
    }
    try {
        native_->execute(settings_sql());
    }
    catch (sql_error const& e) { // a server on a platform without POLLRDHUP refuses that one
        if (e.error.sqlstate != "22023" || keepalives_.back().first != check_interval) {
            throw;
        }
        keepalives_.pop_back();
        native_->execute(settings_sql());
    }
    settled_ = true;
}

} // namespace schemagate::postgres
