// Where the databases of tests live.
#pragma once

#include <memory>
#include <string>

#include "schemagate/database_url.hpp"
#include "schemagate/testing/private_postgres.hpp"

namespace schemagate::testing {

/// Which of the ways to a server was taken.
enum class server_origin
{
    test_database_url, ///< TEST_DATABASE_URL, or the file that TEST_DATABASE_URL_FILE names
    private_postgres,  ///< a PostgreSQL that is installed here, on a folder of its own
    database_url,      ///< DATABASE_URL, where it leads to this machine and nothing else is there
};

struct server_options
{
    private_postgres_options postgres{}; ///< used where a private one is made
    place const* where = nullptr;        ///< whose variables are read; nullptr: this process's
};

/// In this order: TEST_DATABASE_URL; a private PostgreSQL; DATABASE_URL if it is a loopback address or a
/// socket. DATABASE_URL comes last, and elsewhere never: it may lead to data that somebody needs, through a
/// tunnel even from a loopback address.
///
/// Nothing is started or connected to before the first database is asked for, so a program that only lists
/// its tests costs nothing. May be used from several threads. Throws failure.
class server
{
public:
    explicit server(server_options options = {});
    /// The server of this URL. Its role should have CREATEDB; without it see template_database.
    explicit server(database_url_text url);
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    ~server();

    /// A database of this server, as the role that owns the databases of tests.
    [[nodiscard]] std::string url(std::string const& dbname);
    [[nodiscard]] server_origin origin();
    /// nullptr unless origin() is private_postgres.
    [[nodiscard]] private_postgres* own();

private:
    friend class template_database;
    friend class database;
    class state;
    std::unique_ptr<state> state_;
};

} // namespace schemagate::testing
