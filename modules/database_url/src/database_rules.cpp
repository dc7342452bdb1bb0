// Which database would be migrated: the one that was meant?
#include <algorithm>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// "db&sslmode=require": the "?" is missing, and what follows the first "&" is not read at all.
bool holds_parameter(std::string_view dbname)
{
    for (auto at = dbname.find('&'); at != dbname.npos; at = dbname.find('&', at + 1)) {
        auto const rest = dbname.substr(at + 1);
        auto const equals = rest.find('=');
        if (equals != rest.npos && (find_keyword(rest.substr(0, equals)) || rest.substr(0, equals) == "ssl"))
            return true;
    }
    return false;
}

// "@/var/run/postgresql/db": libpq ends the host at the first "/".
bool is_socket_path(std::string_view dbname)
{
    for (auto const* const folder : {"var/", "run/", "tmp/", "cloudsql/", "private/"})
        if (dbname.starts_with(folder))
            return true;
    return false;
}

// "@/PROJECT:REGION:INSTANCE/db": Cloud SQL's name of the instance, without /cloudsql.
bool is_instance_name(std::string_view dbname)
{
    auto const first = dbname.substr(0, dbname.find('/'));
    return first.size() < dbname.size() && std::count(first.begin(), first.end(), ':') >= 2;
}

// A host from the environment or a service serves; then the odd database is only a warning (judge_database).
bool has_host(inspection const& i)
{
    return !i.effective.value("host").empty() || !i.effective.value("hostaddr").empty() ||
           i.effective.service_unknown();
}

} // namespace

void judge_path(inspection& i)
{
    auto const written = i.uri ? i.uri->dbname.value_or("") : std::string_view{};
    if (!has_host(i) && (is_socket_path(written) || is_instance_name(written))) {
        auto const slash = written.rfind('/');
        auto const folder =
            (is_socket_path(written) ? "/" : "/cloudsql/") + std::string{written.substr(0, slash)};
        auto const shown = shown_host(folder) == folder ? folder : std::string{"/FOLDER"};
        i.refuse("socket-in-path",
                 i.name + " has a socket's folder after the @ as it is; libpq takes it for the database.",
                 "Write it as a parameter: postgresql://USER:***@/DATABASE?host=" + shown);
    }
    else if (i.uri && i.uri->authority == "cloudsql" &&
             is_cloudsql_instance(written.substr(0, written.find('/')))) {
        // A machine may have that name, and a database the other.
        i.warn("socket-slash-missing",
               i.name +
                   " names a host cloudsql and a database that is called like a Cloud SQL instance: a Unix "
                   "socket's folder does not stand between the @ and the database.",
               "Write it as a parameter: postgresql://USER:***@/DATABASE?host=/cloudsql/" +
                   std::string{written.substr(0, written.find('/'))} + '.');
    }
    else if (holds_parameter(written)) {
        i.refuse("query-without-question-mark",
                 i.name +
                     " has an & with a parameter, but no ? before it: libpq takes it all for the database.",
                 "Begin the parameters with a ?: …/DATABASE?sslmode=require&…");
    }
}

void judge_database(inspection& i)
{
    if (i.effective.user().empty())
        i.refuse("user-missing",
                 i.name + " names no user, PGUSER is not set, and this process's account has no name.",
                 "Write postgresql://USER:PASSWORD@…");
    if (i.has("socket-in-path") || i.has("query-without-question-mark"))
        return;

    auto const& dbname = i.effective.value("dbname");
    if (dbname.empty()) {
        if (i.effective.service_unknown())
            return;
        auto const user = shown_user(i.effective.user());
        // libpq's own rule, and where the database is called like its user, a boot that works.
        i.warn(
            "database-missing",
            i.name + " names no database: libpq takes \"" + user +
                "\", the user's name, and that will be migrated.",
            "Write its name after the host: postgresql://USER:PASSWORD@HOST:5432/DATABASE. If it is really "
            "called like the user, write that.");
        return;
    }
    auto const shown = shown_database(dbname);
    if (contains(dbname, "://"))
        return i.refuse("database-is-url",
                        "The database that " + i.name + " names is itself a URL; libpq would not open it.",
                        "Set " + i.name + " to that URL.");
    if (!i.uri || contains(i.uri->query.value_or(""), "dbname="))
        return;
    auto const written = i.uri->dbname.value_or("");
    if (contains(written, '/'))
        i.warn("database-has-slash",
               i.name + " has a / in its database's name: libpq asks for a database \"" + shown + "\".",
               "If the part after the / is a schema, write ?options=-c%20search_path%3DNAME instead. If the "
               "/ is "
               "meant, write it as %2F.");
    else if (written.find_first_of("#;@&=") != written.npos)
        i.warn("database-odd",
               i.name +
                   " has an unescaped # ; @ & or = in its database's name: libpq asks for a database \"" +
                   shown + "\".",
               "If it is meant, percent-encode it; otherwise drop it.");
}

} // namespace schemagate::url
