// Unix sockets that are not there, not listened to, or not permitted.
#include "ascii.hpp"
#include "connect_hints.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// Neither the URL nor the environment names a host, so that libpq fell back to its own folder: the incident.
bool nobody_named(endpoint_failure const& f)
{
    auto const& a = f.attempt;
    return f.one && f.one->host == default_socket_folder() && !a.set_by_url("host") &&
           !a.set_by_url("hostaddr") && !a.has_variable("PGHOST") && !a.has_variable("PGHOSTADDR");
}

std::string fallen_back(endpoint_failure const& f)
{
    return "No host is named, so libpq fell back to its own socket folder " + f.host() +
           ", which nobody asked for. Write " + f.attempt.model("HOST") +
           ", or name the socket: postgresql://USER:***@/DATABASE?host=/FOLDER (Cloud SQL: "
           "host=/cloudsql/PROJECT:REGION:INSTANCE).";
}

std::string cloudsql_command(place const& where)
{
    auto const kind = describe(where);
    if (kind == "Cloud Run job")
        return "gcloud run jobs update NAME --set-cloudsql-instances=PROJECT:REGION:INSTANCE";
    if (kind == "Cloud Run service")
        return "gcloud run services update NAME --add-cloudsql-instances=PROJECT:REGION:INSTANCE";
    if (kind == "App Engine")
        return "beta_settings: cloud_sql_instances: PROJECT:REGION:INSTANCE in app.yaml";
    return "gcloud run … --set-cloudsql-instances, or cloud-sql-proxy --unix-socket=/cloudsql elsewhere";
}

} // namespace

std::string socket_absent(endpoint_failure const& f)
{
    if (!f.is_socket())
        return {}; // a certificate's file, or another one that libpq misses
    if (nobody_named(f))
        return fallen_back(f);
    auto const& host = f.one->host;
    if (host == "/cloudsql" || host.starts_with("/cloudsql/"))
        return "The Cloud SQL socket " + f.host() + " is not there: attach the instance (" +
               cloudsql_command(f.attempt.where) +
               "), give the service account roles/cloudsql.client, or use TCP to the private address: " +
               f.attempt.model("PRIVATE_IP") + ".";
    auto result =
        "The socket .s.PGSQL." + shown_port(f.one->port) + " in " + f.host() +
        " is not there: the server is not running, uses another folder (unix_socket_directories) or "
        "another port, or its folder is not mounted here.";
    if (is_systemd_unit(f.attempt.where) &&
        (host == "/tmp" || host.starts_with("/tmp/") || host == "/var/tmp"))
        result += " With PrivateTmp=yes the unit has a /tmp of its own and cannot see it: let the server "
                  "listen in /run/postgresql.";
    else if (is_container(f.attempt.where))
        result += " A container sees it only if the folder is mounted: docker run -v " +
                  (made_of_words(host, "/_-.") ? host + ":" + host : "/FOLDER:/FOLDER") +
                  ", in Kubernetes a volume that both containers mount.";
    return result;
}

std::string socket_refused(endpoint_failure const& f)
{
    return "The socket in " + f.host() +
           " is there, but no server is listening: the server or its proxy is not running, or still "
           "starting." +
           (nobody_named(f) ? " " + fallen_back(f) : "");
}

std::string socket_forbidden(endpoint_failure const& f)
{
    return "This process's account may not open the socket in " + f.host() +
           ": give it the right to enter the folder and to write to the socket.";
}

} // namespace schemagate::url
