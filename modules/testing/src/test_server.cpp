#include "schemagate/testing/test_server.hpp"

#include <algorithm>

#include "leftovers.hpp"
#include "schemagate/rewrite.hpp"
#include "server_state.hpp"
#include "server_text.hpp"

namespace schemagate::testing {
namespace {

bool is_here(std::string_view host)
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// A socket of /cloudsql is a folder here and a database elsewhere; and where hostaddr is set, libpq goes
// there, whatever the host's name is.
bool is_here(connection_settings const& settings, place const& where)
{
    auto addresses = where.variable("PGHOSTADDR").value_or("");
    for (auto const& each : settings.parameters) {
        if (each.keyword == "hostaddr") {
            addresses = each.value.reveal();
        }
    }
    for (std::size_t begin = 0; begin < addresses.size();) {
        auto const end = std::min(addresses.find(',', begin), addresses.size());
        auto const one = std::string_view{addresses}.substr(begin, end - begin);
        if (!one.empty() && !is_here(one)) {
            return false;
        }
        begin = end + 1;
    }
    return std::all_of(settings.endpoints.begin(), settings.endpoints.end(), [](endpoint const& one) {
        return one.transport == transport::socket ? !one.host.starts_with("/cloudsql") : is_here(one.host);
    });
}

} // namespace

failure refused(std::string const& what, postgres::sql_error const& e)
{
    auto const code = e.error.connection_lost              ? errc::connection_lost
                      : e.error.sqlstate == "42501"        ? errc::permission_denied
                      : e.error.sqlstate.empty()           ? errc::unreachable
                      : e.error.sqlstate.starts_with("53") ? errc::disk_full
                                                           : errc::script_failed;
    auto const fix =
        code == errc::permission_denied
            ? "Tests need a role that may create databases (ALTER ROLE … CREATEDB), or at least schemas "
              "(GRANT CREATE ON DATABASE … TO …)."
            : "";
    return failure{code, what + ": " + postgres::describe(e.error, true), fix}.with_sqlstate(
        e.error.sqlstate);
}

server::state::state(server_options options) : options_{std::move(options)}, run_id_{random_hex(8)} {}

server::state::state(database_url_text url)
    : origin_{server_origin::test_database_url}, url_{std::move(url)}, run_id_{random_hex(8)}
{}

// TEST_DATABASE_URL, a private one, DATABASE_URL: see the header.
void server::state::find()
{
    if (origin_) {
        return;
    }
    auto const& where = options_.where == nullptr ? this_place() : *options_.where;
    if (auto given = read_database_url(where, "TEST_DATABASE_URL"); given && !given->text.empty()) {
        url_ = std::move(*given);
        origin_ = server_origin::test_database_url;
        return;
    }
    if (!postgres_bindir().empty()) {
        own_ = std::make_unique<private_postgres>(options_.postgres);
        url_ = {secret{own_->url("postgres")}, "the private PostgreSQL", {}};
        origin_ = server_origin::private_postgres;
        return;
    }
    static constexpr auto ways = "Set TEST_DATABASE_URL to a server whose role may create databases, or "
                                 "apt-get install postgresql.";
    auto given = read_database_url(where);
    if (!given || given->text.empty()) {
        throw failure{errc::setting_invalid,
                      "there is no server for the tests: TEST_DATABASE_URL is not set, and no PostgreSQL was "
                      "found (PG_BINDIR, /usr/lib/postgresql, pg_config).",
                      ways};
    }
    auto const settings = admin_session::judged(*given);
    if (!is_here(settings, where)) {
        throw failure{errc::setting_invalid,
                      "DATABASE_URL leads to another machine (" + settings.redacted +
                          "): tests never use it, since somebody may need what is there.",
                      ways};
    }
    say("tests use " + given->source + " (" + settings.redacted +
        "), since TEST_DATABASE_URL is not set and no PostgreSQL was found (PG_BINDIR, /usr/lib/postgresql, "
        "pg_config)");
    url_ = std::move(*given);
    origin_ = server_origin::database_url;
}

admin_session& server::state::connected()
{
    find();
    if (!session_ || !session_->alive()) {
        session_.emplace(url_, std::chrono::seconds{10});
        mark_alive(*session_, run_id_);
        if (!own_) {
            drop_leftovers(*session_);
        }
    }
    return *session_;
}

database_url_text server::state::url(std::string const& dbname, std::string const& search_path)
{
    std::lock_guard const one_at_a_time{mutex_};
    find();
    return changed(dbname, search_path);
}

database_url_text server::state::changed(std::string const& dbname, std::string const& search_path) const
{
    url_change change;
    if (!dbname.empty()) {
        change.dbname = dbname;
    }
    if (!search_path.empty()) {
        change.set["options"] = "-c search_path=" + search_path;
    }
    return {rewrite(url_, change, this_place()).text, url_.source, {}};
}

std::string server::state::shown_url(std::string const& dbname, std::string const& search_path)
{
    std::lock_guard const one_at_a_time{mutex_};
    return own_ ? own_->socket_url(dbname, options_.postgres.role)
                : redact(changed(dbname, search_path).text.reveal());
}

server_origin server::state::origin()
{
    std::lock_guard const one_at_a_time{mutex_};
    find();
    return *origin_;
}

private_postgres* server::state::own()
{
    std::lock_guard const one_at_a_time{mutex_};
    find();
    return own_.get();
}

server::server(server_options options) : state_{std::make_unique<state>(std::move(options))} {}

server::server(database_url_text url) : state_{std::make_unique<state>(std::move(url))} {}

server::~server() = default;

std::string server::url(std::string const& dbname)
{
    return state_->url(dbname).text.reveal();
}

server_origin server::origin()
{
    return state_->origin();
}

private_postgres* server::own()
{
    return state_->own();
}

} // namespace schemagate::testing
