#include "connection_pool.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include "log_text.hpp"

namespace app {
namespace {

using kind = database_error::kind;

// SOCI's error of a failed connect carries no SQLSTATE. A server with no slot left lives, and our other
// connections work on.
kind kind_of_connect(std::string const& text)
{
    return text.find("too many clients") != std::string::npos ||
                   text.find("connection slots") != std::string::npos ||
                   text.find("too many connections") != std::string::npos
               ? kind::busy
               : kind::lost;
}

} // namespace

database::pool::pool(database_target& target, database_options const& options)
    : target_{target}, options_{options}, sessions_{options.connections}, places_(options.connections)
{
    for (auto& one : places_) {
        one.stop = std::make_unique<schemagate::postgres::wake>(stopping_.get_token());
    }
}

database::lease::lease(pool& from) : pool_{from}
{
    if (!pool_.sessions_.try_lease(position_, static_cast<int>(pool_.options_.lease_wait.count()))) {
        throw database_error{kind::busy, "no connection of the pool became free in time"};
    }
    try {
        if (pool_.stopping_.stop_requested()) {
            throw database_error{kind::busy, "the service is stopping"};
        }
        if (!place().connection || place().connection->is_stale()) {
            reopen();
        }
    }
    catch (...) {
        pool_.sessions_.give_back(position_);
        throw;
    }
}

database::lease::~lease()
{
    if (place().connection && !place().connection->is_idle()) {
        close();
    }
    pool_.sessions_.give_back(position_);
}

void database::lease::reopen()
{
    close();
    open();
    fresh_ = true;
}

void database::lease::close() noexcept
{
    place().connection.reset();
    pool_.sessions_.at(position_).close();
}

void database::lease::open()
{
    auto& session = pool_.sessions_.at(position_);
    auto const& url = pool_.target_.soci_url();
    try {
        session.open(soci::postgresql, url.reveal());
        set_up(session);
    }
    catch (soci::soci_error const& e) {
        close();
        // get_error_message(), never what(): SOCI's context holds the statement and the bound values.
        auto const text = log_text(schemagate::scrub(e.get_error_message(), pool_.target_.settings()));
        throw database_error{kind_of_connect(text), text};
    }
    catch (...) {
        close();
        throw;
    }
}

void database::lease::set_up(soci::session& session)
{
    // The back end was made by soci::postgresql, so the cast needs no check.
    auto* const handle = static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
    place().connection = std::make_unique<database_connection>(
        handle,
        connection_options{.statement_time = pool_.options_.statement_time,
                           .session_pooler = pool_.target_.session_pooler()},
        *place().stop);
    place().connection->set_up();
}

} // namespace app
