#include "database/private_connection.hpp"

#include <utility>

#include "database/database_error.hpp"
#include "log_text.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connect.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using kind = database_error::kind;
namespace pg = schemagate::postgres;

kind kind_of_connect(schemagate::errc code)
{
    return code == schemagate::errc::too_many_connections ? kind::busy : kind::lost;
}

pg::connection connect(database_target& target, std::string const& purpose, pg::wake const& stop)
{
    pg::connect_options const options{
        .application_name = target.application(purpose),
        .wait_max = 5s,
        .on_retry = [](auto const& why, auto) {
            // One attempt: who asks for a connection decides whether to ask again.
            throw database_error{kind_of_connect(why.code), log_text(why.message), why.sqlstate};
        }};
    try {
        return pg::connect(target.settings(), schemagate::this_place(), options, stop);
    }
    catch (schemagate::failure const& e) {
        throw database_error{kind_of_connect(e.code()), log_text(e.message()), e.sqlstate()};
    }
    catch (pg::stop_requested const&) {
        throw database_error{kind::busy, "the service is stopping"};
    }
}

} // namespace

class private_connection::link
{
public:
    link(pg::connection opened, connection_options options, pg::wake const& stop)
        : owner_{std::move(opened)}, connection_{owner_.native(), options, stop}
    {
        connection_.set_up();
    }

    [[nodiscard]] database_connection& connection() noexcept { return connection_; }

private:
    pg::connection owner_;
    database_connection connection_;
};

private_connection::private_connection(database_target& target, std::string purpose,
                                       std::chrono::milliseconds statement_time, std::stop_token stop)
    : target_{target}, purpose_{std::move(purpose)}, statement_time_{statement_time}, stop_{std::move(stop)}
{}

private_connection::~private_connection() = default;

database_connection& private_connection::get()
{
    if (!link_ || link_->connection().is_stale()) {
        close();
        link_ = std::make_unique<link>(
            connect(target_, purpose_, stop_),
            connection_options{.statement_time = statement_time_, .session_pooler = target_.session_pooler()},
            stop_);
    }
    return link_->connection();
}

void private_connection::close() noexcept
{
    link_.reset();
}

void private_connection::sleep(std::chrono::milliseconds time) const
{
    try {
        stop_.sleep(time);
    }
    catch (pg::stop_requested const&) { // the caller looks at stopping()
    }
}

} // namespace app
