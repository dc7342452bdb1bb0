#include "database/database.hpp"

#include "connection_pool.hpp"
#include "database/database_health.hpp"

namespace app {
namespace {

using kind = database_error::kind;

// What was asked of a connection that is gone. The next question gets a new one.
[[noreturn]] void throw_ended(database_error const& e)
{
    throw database_error{kind::busy, std::string{"the connection ended: "} + e.what(), e.sqlstate()};
}

void commit(database_connection& c)
{
    if (c.is_aborted()) {
        throw database_error{kind::failed, "a statement of the transaction has failed, and nobody cared"};
    }
    try {
        c.run("COMMIT");
    }
    catch (database_error const& e) {
        if (!c.is_idle()) {
            throw database_error{kind::unknown, std::string{"the answer to COMMIT was lost: "} + e.what()};
        }
        throw; // refused: a deferred constraint, a serialization failure
    }
    if (c.tag() != "COMMIT") {
        throw database_error{kind::failed, "COMMIT has rolled back"};
    }
}

// A connection that cannot do it is not idle, and is closed by its lease.
void roll_back(database_connection& c) noexcept
{
    try {
        if (c.is_usable() && !c.is_idle()) {
            c.run("ROLLBACK");
        }
    }
    catch (std::exception const&) {
    }
}

} // namespace

database::database(database_target& target, database_options options, database_health* health)
    : target_{target}, options_{options}, health_{health}, pool_{std::make_unique<pool>(target, options)}
{}

database::~database() = default;

void database::stop() noexcept
{
    pool_->stop();
}

void database::ask_again_if_lost(work const& ask)
{
    lease mine{*pool_};
    try {
        ask(mine.connection());
    }
    catch (database_error const& e) {
        // A server that was silent for so long is not asked a second time; one that said that it ends the
        // connection is, although libpq may not have seen the end yet.
        bool const was_silent = mine.connection().is_usable() && e.sqlstate().empty();
        if (e.reason() != kind::lost || mine.is_fresh() || was_silent) {
            throw;
        }
        mine.reopen();
        ask(mine.connection());
    }
}

void database::read_with(work const& ask)
{
    tell_health([&] { ask_again_if_lost(ask); });
}

void database::read_consistently_with(work const& ask)
{
    read_with([&](database_connection& c) {
        c.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" + c.transaction_settings());
        try {
            ask(c);
            commit(c);
        }
        catch (...) {
            roll_back(c);
            throw;
        }
    });
}

void database::transaction_with(work const& change)
{
    tell_health([&] {
        lease mine{*pool_};
        auto const begin = [&] {
            auto& c = mine.connection();
            c.run("BEGIN ISOLATION LEVEL READ COMMITTED;" + c.transaction_settings());
        };
        try {
            begin();
        }
        catch (database_error const& e) {
            if (e.reason() != kind::lost || mine.is_fresh()) {
                throw;
            }
            mine.reopen(); // nothing was done yet
            begin();
        }
        auto& c = mine.connection();
        try {
            if (c.says_read_only()) {
                throw database_error{kind::read_only, "the server takes no changes"};
            }
            change(c);
            commit(c);
        }
        catch (database_error const& e) {
            roll_back(c);
            if (e.reason() == kind::read_only) {
                mine.close(); // DATABASE_URL may name several hosts, one of which has become the primary
            }
            if (e.reason() == kind::lost) {
                mine.reopen(); // throws `lost` if it is the server that is gone, not this connection
                throw_ended(e);
            }
            throw;
        }
        catch (...) {
            roll_back(c);
            throw;
        }
    });
}

bool database::is_standby()
{
    bool standby = false;
    try {
        ask_again_if_lost([&](database_connection& c) {
            standby = truth_in(c.ask("SELECT pg_is_in_recovery()")[0].at(0));
        });
    }
    catch (database_error const& e) {
        if (health_ != nullptr && e.reason() == kind::lost) {
            health_->lost(e.what());
        }
        throw;
    }
    if (health_ != nullptr) {
        health_->works();
    }
    return standby;
}

void database::tell_health(std::function<void()> const& attempt)
{
    if (health_ == nullptr) {
        return attempt();
    }
    if (health_->is_lost()) {
        throw database_error{kind::lost, "the database is lost"};
    }
    try {
        attempt();
    }
    catch (database_error const& e) {
        health_->failed(e.reason());
        if (e.reason() == kind::lost) {
            health_->lost(e.what());
        }
        throw;
    }
}

} // namespace app
