// A database with an ordinary role beside its owner, and what a boot said and changed there.
#pragma once

#include "engine.hpp"

namespace engine {

constexpr char const* make = "create table made (id int primary key);\n";

inline schemagate::catalog made(std::string const& script = make)
{
    return support::memory_catalog({{"0001_make.sql", script}});
}

struct preflighted : fixture
{
    std::string role = "role_of_" + database->name();

    preflighted()
    {
        // As PostgreSQL 15 and later have it from the start.
        database->run("create role " + role +
                      " login password 'Role-Pass-1'; revoke create on schema public from public; "
                      "grant create on schema public to " +
                      support::private_server::owner);
    }
    ~preflighted() { database->run("drop owned by " + role + " cascade; drop role " + role); }
    preflighted(preflighted const&) = delete;
    preflighted& operator=(preflighted const&) = delete;

    void log_in_as_role()
    {
        with = support::settings_for(
            support::private_server::shared().url(database->name(), role, "Role-Pass-1"));
    }
    /// Every relation and schema, as the catalogs have them: the same text, nothing was written.
    [[nodiscard]] std::string state() const
    {
        return value(
            "select md5(string_agg(x, ',' order by x)) from (select oid || relname from pg_class union "
            "all select oid || nspname from pg_namespace where nspname !~ '^pg_') s(x)");
    }
    [[nodiscard]] std::string warnings() const
    {
        std::string all;
        for (auto const& e : events->events(schemagate::step::plan, schemagate::outcome::warned)) {
            all += e.message + '\n';
        }
        return all;
    }
    /// What an operator does who is told what to run.
    void obey(schemagate::failure const& f) const
    {
        auto const grant = f.fix().find("GRANT");
        REQUIRE(grant != std::string::npos);
        database->run(f.fix().substr(grant));
    }
};

} // namespace engine
