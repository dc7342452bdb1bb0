// What poolers and providers' proxies answer in the server's place: PgBouncer, Supavisor, Neon's proxy.
#include "ascii.hpp"
#include "connect_hints.hpp"

namespace schemagate::url {

std::string startup_parameter_refused(endpoint_failure const&)
{
    return "A pooler refuses a startup parameter: drop options=… from the URL, let the pooler ignore it "
           "(PgBouncer: ignore_startup_parameters), or name an endpoint past the pooler in "
           "MIGRATION_DATABASE_URL.";
}

std::string unknown_to_pooler(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    if (contains(a.text, "no such user"))
        return "The pooler does not know the user " + a.user() +
               ": add it to the pooler's list (PgBouncer: auth_file or auth_query), or correct the user.";
    auto const from_user = !a.set_by_url("dbname") && !a.has_variable("PGDATABASE");
    return "The pooler has no database " + a.database() +
           (from_user ? " (none is named, so libpq took the user's name)" : "") +
           ": add it to the pooler's list (PgBouncer: the section [databases]), or correct the name after "
           "the "
           "last / of the URL.";
}

std::string tenant_unknown(endpoint_failure const& f)
{
    return "Supabase's pooler knows no project for the user " + f.attempt.user() +
           ": write it as postgres.PROJECT_REF, and compare the region in the host (aws-0-REGION.pooler."
           "supabase.com) and whether the project is paused with its \"Connect\" page.";
}

std::string pooler_full(endpoint_failure const&)
{
    return "The pooler's clients are as many as it takes: this will be tried again. If it lasts, lower the "
           "pools of the clients, raise the pooler's limit (PgBouncer: max_client_conn, Supabase: pool "
           "size), "
           "or name an endpoint past the pooler in MIGRATION_DATABASE_URL.";
}

std::string pooler_without_server(endpoint_failure const&)
{
    return "The pooler answers, but cannot reach or log in to the server behind it: look into the pooler's "
           "log, and compare the host and password it has for the server.";
}

std::string neon_endpoint_unnamed(endpoint_failure const&)
{
    return "Neon finds the endpoint by the host name that TLS carries: connect by the host name (not by "
           "hostaddr alone), with sslmode=require, and without sslsni=0.";
}

} // namespace schemagate::url
