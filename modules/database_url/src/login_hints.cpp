// The server answered, and does not let this user in.
#include "ascii.hpp"
#include "connect_hints.hpp"

namespace schemagate::url {

namespace {

// Where a password comes from that the URL does not hold: the order of libpq.
std::string password_from_elsewhere(connect_attempt const& a)
{
    return a.has_variable("PGPASSWORD")
               ? " The URL holds no password, so it came from PGPASSWORD."
               : " The URL holds no password, so it came from a passfile (PGPASSFILE, ~/.pgpass) or a "
                 "service.";
}

} // namespace

std::string password_refused(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    auto result = "The server does not take this password for the user " + a.user() + ".";
    if (!a.set_by_url("password"))
        return result + password_from_elsewhere(a) + " Correct it there, or write it into the URL.";
    return result +
           " If it holds a $, a shell or compose may have eaten it: single-quote it in the shell, write $$ "
           "in "
           "compose, or %24 in the URL. If it holds other special characters, they must be percent-encoded.";
}

std::string password_absent(endpoint_failure const&)
{
    return "The server asks for a password, and none is set: write it into the URL after the user "
           "(postgresql://USER:PASSWORD@…, percent-encoded), or provide PGPASSWORD or a passfile with mode "
           "0600.";
}

std::string not_admitted(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    if (contains(a.text, "no encryption") || contains(a.text, "SSL off"))
        return tls_required(f);
    return "No line of the server's pg_hba.conf admits the user " + a.user() + " to the database " +
           a.database() + " from this address: add one, or compare user, database and address with it.";
}

std::string role_missing(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    if (!a.set_by_url("user") && !a.has_variable("PGUSER"))
        return "The server has no user " + a.user() +
               ": the URL names none, so libpq took the name of this process's account. Write "
               "postgresql://USER:PASSWORD@….";
    return "The server has no user " + a.user() + ": CREATE ROLE it, or correct the user in the URL.";
}

std::string not_authorised(endpoint_failure const& f)
{
    auto const& text = f.attempt.text;
    if (contains(text, "PAM authentication failed"))
        return "Amazon RDS does not take this IAM token: it lives 15 minutes, so fetch it at start; it asks "
               "for sslmode=require, and the role for GRANT rds_iam.";
    if (contains(text, "is not permitted to log in"))
        return "The role " + f.attempt.user() + " may not log in: ALTER ROLE it LOGIN, or use another one.";
    if (contains(text, "Peer authentication failed") || contains(text, "Ident authentication failed"))
        return "The server admits the user " + f.attempt.user() +
               " only to an account of the same name here: run as that account, map it in pg_ident.conf, or "
               "let pg_hba.conf ask for a password (scram-sha-256).";
    return contains(text, "does not exist") ? role_missing(f) : not_admitted(f);
}

std::string database_missing(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    if (!a.set_by_url("dbname") && !a.has_variable("PGDATABASE") && a.settings.dbname == a.settings.user)
        return "The server has no database " + a.database() +
               ": no database is named, so libpq took the user's name. Write its name after the host: "
               "…@HOST:5432/DATABASE.";
    return "The server has no database " + a.database() +
           ": CREATE DATABASE it, or correct the name after the last / of the URL.";
}

std::string too_many(endpoint_failure const& f)
{
    if (contains(f.attempt.text, "for role") || contains(f.attempt.text, "for database"))
        return "The connection limit of this role or database is used up: this will be tried again. If it "
               "lasts, lower the pools of the clients, or raise the limit (ALTER ROLE or ALTER DATABASE … "
               "CONNECTION LIMIT).";
    return "All connections of the server are in use: this will be tried again. If it lasts, lower the pools "
           "of the clients, raise max_connections, or put a pooler in between.";
}

std::string starting_up(endpoint_failure const&)
{
    return "The server is starting, stopping or recovering; this will be tried again.";
}

std::string service_not_found(endpoint_failure const&)
{
    return "libpq finds no connection service of that name: set PGSERVICEFILE to the file that holds it, or "
           "name host, "
           "port, user and dbname in the URL.";
}

} // namespace schemagate::url
