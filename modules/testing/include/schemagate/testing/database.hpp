// One test's database.
#pragma once

#include <string>

#include "schemagate/testing/template_database.hpp"

namespace schemagate::testing {

/// A copy of a template, dropped at the end of the scope, with whoever is still connected to it. If the
/// Catch2 test in whose scope it is has failed by then, it stays, and its URL is printed on stderr (without a
/// password); TEST_DATABASE_KEEP=never or =always changes that. What a killed process leaves is dropped by
/// the next one that uses the server; a kept one after seven days.
///
/// Databases of several threads may be made at once; one object belongs to one thread.
class database
{
public:
    /// Of the template that was made last. Throws failure, and std::logic_error if there is none.
    database();
    explicit database(template_database& of);
    /// An empty one, for tests of the migrations themselves. Throws failure.
    [[nodiscard]] static database empty(server& on) { return database{on}; }

    database(database const&) = delete;
    database& operator=(database const&) = delete;
    ~database();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// As libpq takes it, password included.
    [[nodiscard]] std::string const& url() const noexcept { return url_; }

private:
    explicit database(server& on);

    server* server_;
    std::string name_;
    std::string url_;
    int exceptions_;
    bool dropped_at_end_ = true;
};

} // namespace schemagate::testing
