// The schema, migrated once, from which each test gets a copy.
#pragma once

#include <memory>
#include <string>

#include "schemagate/catalog.hpp"
#include "schemagate/settings.hpp"
#include "schemagate/testing/test_server.hpp"

namespace schemagate::testing {

struct template_options
{
    /// How it is migrated. The URL and the mode are set by the template.
    schemagate::settings settings{};
    std::string before{}; ///< SQL, run on the empty database first: extensions, for example
    std::string after{};  ///< SQL, run on the migrated one: rows that every test wants
};

/// A database "schemagate_template_…", named by a digest of the catalog, the options and the role, so another
/// process with the same scripts finds it, and changed scripts get another one. It is built under an advisory
/// lock and marked as a template last: what a crash leaves is dropped by the next one who builds it.
/// Templates of server_origin::test_database_url stay for the next run, and go a week after they were made.
///
/// Where the role lacks CREATEDB there is no template: the scripts run once per process in a schema of its
/// own, which all tests of the process share; a line on stderr says so.
///
/// Built when the first test asks for a database. May be used from several threads.
class template_database
{
public:
    /// Keeps a copy of the catalog; the server must outlive it. The one made last serves database().
    template_database(server& on, catalog const& shipped, template_options options = {});
    template_database(template_database const&) = delete;
    template_database& operator=(template_database const&) = delete;
    ~template_database();

    /// Its name, or that of the shared schema. Builds it, if nobody has. Throws failure: what run() throws,
    /// again at every call.
    [[nodiscard]] std::string const& name();
    /// Each test has a database of its own.
    [[nodiscard]] bool isolates();

private:
    friend class database;
    class state;
    std::unique_ptr<state> state_;
};

} // namespace schemagate::testing
