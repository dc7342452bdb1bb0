#include "admin_session.hpp"

#include "schemagate/postgres/connect.hpp"

namespace schemagate::testing {

connection_settings admin_session::judged(database_url_text const& url)
{
    return require_usable(check(url, this_place(), {}));
}

admin_session::admin_session(database_url_text const& url, std::chrono::milliseconds wait_max)
    : never_stopped_{std::make_unique<postgres::wake>(std::stop_token{})}
{
    connection_ =
        postgres::connect(judged(url), this_place(), {"schemagate/testing", wait_max, {}}, *never_stopped_);
}

std::vector<std::vector<std::optional<std::string>>> admin_session::operator()(std::string const& sql)
{
    auto results = connection_->execute(sql);
    return results.empty() ? std::vector<std::vector<std::optional<std::string>>>{}
                           : std::move(results.back().rows);
}

std::string admin_session::value(std::string const& sql)
{
    auto const rows = (*this)(sql);
    return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
}

bool admin_session::alive() noexcept
{
    try {
        connection_->execute("select 1");
        return connection_->usable();
    }
    catch (...) {
        return false;
    }
}

} // namespace schemagate::testing
