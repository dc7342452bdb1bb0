#include "database_pool.hpp"

#include <mutex>
#include <optional>
#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "database/database_error.hpp"
#include "schemagate/failure.hpp"

namespace app {
namespace {

using kind = database_error::kind;

constexpr int lease_wait_ms = 1'000;

PGconn* connection_of(soci::session& s)
{
    return static_cast<soci::postgresql_session_backend*>(s.get_backend())->conn_;
}

bool is_open(soci::session& s)
{
    return s.get_backend() != nullptr;
}

// A server never speaks to an idle connection of ours unless it is about to close it. Costs no round trip.
bool is_stale(soci::session& s)
{
    auto* const connection = connection_of(s);
    pollfd seen{PQsocket(connection), POLLIN | POLLRDHUP, 0};
    return PQstatus(connection) != CONNECTION_OK || PQtransactionStatus(connection) != PQTRANS_IDLE ||
           ::poll(&seen, 1, 0) != 0;
}

// get_error_message(), never what(): SOCI's context holds the statement and the bound values.
std::string text_of(soci::soci_error const& e, schemagate::connection_settings const& settings)
{
    auto text = e.get_error_message();
    text.erase(text.find_last_not_of(" \n") + 1);
    for (char& c : text) {
        c = c == '\n' || c == '\t' ? ' ' : c == '"' ? '\'' : c; // it becomes a quoted field of a log line
    }
    return schemagate::scrub(text, settings);
}

std::string sqlstate_of(soci::soci_error const& e)
{
    auto const* const from_server = dynamic_cast<soci::postgresql_soci_error const*>(&e);
    return from_server == nullptr ? std::string{} : from_server->sqlstate();
}

kind kind_of(std::string const& sqlstate)
{
    if (sqlstate.starts_with("08") || sqlstate.starts_with("57P0")) {
        return kind::lost;
    }
    // Out of resources, a time limit, a lock not to be had, a serialization failure.
    bool const busy = sqlstate.starts_with("53") || sqlstate == "57014" || sqlstate == "55P03" ||
                      sqlstate.starts_with("40");
    return busy ? kind::busy : kind::failed;
}

// A failed connect carries no SQLSTATE. A server with no slot left lives, and our other connections work on.
kind kind_of_connect(std::string const& text)
{
    return text.find("too many clients") != std::string::npos ||
                   text.find("connection slots") != std::string::npos
               ? kind::busy
               : kind::lost;
}

} // namespace

class database_pool::connections
{
public:
    connections(schemagate::settings with, std::size_t count) : with_{std::move(with)}, pool_{count} {}

    void read(std::function<void(soci::session&)> const& query)
    {
        place_in_pool const mine{pool_};
        auto& session = pool_.at(mine.position);
        bool const fresh = make_ready(session);
        auto lost = run(session, query);
        if (lost && !fresh) {
            make_ready(session);
            lost = run(session, query);
        }
        if (lost) {
            throw database_error{*lost};
        }
    }

private:
    struct place_in_pool
    {
        explicit place_in_pool(soci::connection_pool& of) : pool{of}
        {
            if (!pool.try_lease(position, lease_wait_ms)) {
                throw database_error{kind::busy, "no connection of the pool became free in time"};
            }
        }
        place_in_pool(place_in_pool const&) = delete;
        place_in_pool& operator=(place_in_pool const&) = delete;
        ~place_in_pool() { pool.give_back(position); }

        soci::connection_pool& pool;
        std::size_t position = 0;
    };

    // True if the connection is a new one.
    bool make_ready(soci::session& session)
    {
        if (is_open(session) && !is_stale(session)) {
            return false;
        }
        session.close();
        open(session);
        return true;
    }

    void open(soci::session& session)
    {
        auto const& how = settings();
        try {
            session.open(soci::postgresql, url_.reveal());
            // Behind a pooler that shares server connections a SET would reach other clients' statements;
            // there the limit of the request has to do.
            int backend = 0;
            session << "select pg_backend_pid()", soci::into(backend);
            if (backend == PQbackendPID(connection_of(session))) {
                session << "set statement_timeout = 5000";
            }
        }
        catch (soci::soci_error const& e) {
            session.close();
            auto const text = text_of(e, how);
            auto const state = sqlstate_of(e);
            throw database_error{state.empty() || kind_of(state) == kind::failed ? kind_of_connect(text)
                                                                                 : kind_of(state),
                                 text};
        }
    }

    // nullopt: done. An error is returned if the connection was lost, for the caller to try once more.
    std::optional<database_error> run(soci::session& session,
                                      std::function<void(soci::session&)> const& query)
    {
        try {
            query(session);
        }
        catch (soci::soci_error const& e) {
            auto const state = sqlstate_of(e);
            database_error found{kind_of(state), "SQLSTATE " + (state.empty() ? "none" : state) + ": " +
                                                     text_of(e, settings())};
            leave_idle(session);
            if (found.reason() != kind::lost) {
                throw found;
            }
            session.close();
            return found;
        }
        catch (...) {
            leave_idle(session);
            throw;
        }
        leave_idle(session);
        return std::nullopt;
    }

    static void leave_idle(soci::session& session)
    {
        if (PQtransactionStatus(connection_of(session)) != PQTRANS_IDLE) {
            session.close();
        }
    }

    // Read when the first connection is opened, not before: until the boot has judged DATABASE_URL there is
    // nobody to tell that it is wrong.
    schemagate::connection_settings const& settings()
    {
        std::call_once(judged_, [this] {
            if (!with_.database_url) {
                throw database_error{kind::failed, "DATABASE_URL is not set"};
            }
            settings_ = schemagate::require_usable(
                schemagate::check(*with_.database_url, schemagate::this_place(), with_.url));
            url_ = settings_.soci_url(parameters());
        });
        return settings_;
    }

    // Ours: the time limit of connecting and the encoding of what we write. The rest only where the URL does
    // not say otherwise: a network that swallows packets must not hold a thread for the kernel's quarter of
    // an hour.
    std::vector<schemagate::connection_parameter> parameters() const
    {
        std::vector<schemagate::connection_parameter> out;
        out.push_back({"connect_timeout", schemagate::secret{"5"}});
        out.push_back({"client_encoding", schemagate::secret{"UTF8"}});
        std::pair<char const*, std::string> const defaults[] = {{"application_name", with_.application},
                                                                {"keepalives_idle", "5"},
                                                                {"keepalives_interval", "2"},
                                                                {"keepalives_count", "2"},
                                                                {"tcp_user_timeout", "6000"}};
        for (auto const& [keyword, value] : defaults) {
            bool named = false;
            for (auto const& given : settings_.parameters) {
                named = named || given.keyword == keyword;
            }
            if (!named) {
                out.push_back({keyword, schemagate::secret{value}});
            }
        }
        return out;
    }

    schemagate::settings with_;
    soci::connection_pool pool_;
    std::once_flag judged_;
    schemagate::connection_settings settings_;
    schemagate::secret url_;
};

database_pool::database_pool(schemagate::settings with, std::size_t connections_max)
    : connections_{std::make_unique<connections>(std::move(with), connections_max)}
{}

database_pool::~database_pool() = default;

void database_pool::read(std::function<void(soci::session&)> const& query)
{
    connections_->read(query);
}

} // namespace app
