// What only the server's, a pooler's or the network's answer shows, as libpq 15 words it.
#include "url_mistake.hpp"

using schemagate::file_kind;

namespace {

std::string hint_for(failed_attempt const& one)
{
    auto policy = schemagate::url_policy{};
    policy.accept = {"socket-not-mounted", "host-missing"};
    return connect_hint(require_usable(diagnose(one.url, one.where, policy)), one.where, one.sqlstate,
                        one.text);
}

std::string to(std::string const& host)
{
    return "postgresql://vividly:Zq7wKx2y@" + host + ":5432/shop";
}

std::string failed(std::string const& host, std::string const& why)
{
    return "connection to server at \"" + host + "\", port 5432 failed: " + why + "\n";
}

std::string not_translated(std::string const& host, std::string const& why = "Name or service not known")
{
    return "could not translate host name \"" + host + "\" to address: " + why + "\n";
}

std::string at_socket(std::string const& folder, std::string const& why)
{
    return "connection to server on socket \"" + folder + "/.s.PGSQL.5432\" failed: " + why +
           "\n\tIs the server running locally and accepting connections on that socket?\n";
}

} // namespace

static std::vector<failed_attempt> attempts_by_row()
{
    auto const bare = fake_place{};
    auto const job = fake_place{{"CLOUD_RUN_JOB", "x"}};
    auto const unit = fake_place{{"INVOCATION_ID", "x"}};
    auto const kubernetes = fake_place{{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}};
    auto mounted = job;
    mounted.with("/cloudsql", file_kind::folder);
    auto const ip = std::string{"10.240.0.3"};
    auto const pooler = to("aws-0-eu.pooler.supabase.com");
    auto const socket = std::string{"postgresql://vividly:Zq7wKx2y@/shop?host=/run/pg"};

    return {
        {to(ip), bare, "28P01", "password authentication failed for user \"vividly\"",
         "If it holds a $, a shell or compose may have eaten it: single-quote it in the shell, write $$ in "
         "compose, or %24 in the URL"},
        {to(ip) + "?sslmode=require", bare, "",
         failed(ip, "server does not support SSL, but SSL was required"),
         "The server has no TLS, but sslmode is require"},
        {to(ip), bare, "28000",
         "no pg_hba.conf entry for host \"10.1.2.3\", user \"vividly\", database \"shop\", no encryption",
         "only with TLS: write ?sslmode=require"},
        {to("db.ref.supabase.co"), fake_place{{"GITHUB_ACTIONS", "true"}}, "",
         "connection to server at \"db.ref.supabase.co\" (2a05:d014::1), port 5432 failed: Network is "
         "unreachable\n",
         "GitHub Actions has no IPv6 route. Use a host with an IPv4 address (Supabase: the session pooler"},
        {pooler, bare, "XX000", "Tenant or user not found",
         "knows no project for the user \"vividly\": write it as postgres.PROJECT_REF"},
        {pooler, bare, "XX000", "(ENOTFOUND) tenant/user vividly not found", "postgres.PROJECT_REF"},
        {pooler, bare, "XX000",
         "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to "
         "pool_size",
         "lower the pools of the clients"},
        {to("ep-x-pooler.eu.aws.neon.tech"), bare, "08P01",
         "unsupported startup parameter in options: search_path", "drop options=… from the URL"},
        {to("ep-x.eu.aws.neon.tech"), bare, "XX000", "Endpoint ID is not specified.", "sslsni=0"},
        {to("ep-x-pooler.eu.aws.neon.tech") + "?channel_binding=require", bare, "",
         "channel binding required but not supported by server's authentication request",
         "channel_binding=prefer"},
        {to(ip) + "?sslmode=require", bare, "", "root certificate file \"/r\" does not exist",
         "sslrootcert=/PATH/root.crt"},
        {to(ip), bare, "28000", "PAM authentication failed for user \"vividly\"", "lives 15 minutes"},
        {"postgresql://vividly:Zq7wKx2y@h:5432", bare, "3D000", "database \"vividly\" does not exist",
         "no database is named, so libpq took the user's name"},
        {"postgresql://vividly:Zq7wKx2y@/shop", job, "",
         at_socket("/var/run/postgresql", "No such file or directory"),
         "No host is named, so libpq fell back to its own socket folder /var/run/postgresql, which nobody "
         "asked for. Write postgresql://vividly:***@HOST:5432/shop"},
        {"postgresql://vividly:Zq7wKx2y@/shop", bare, "",
         at_socket("/var/run/postgresql", "Connection refused"), "which nobody asked for"},
        {"postgresql://vividly:Zq7wKx2y@/shop?host=/cloudsql/p:r:i", mounted, "",
         at_socket("/cloudsql/p:r:i", "No such file or directory"),
         "gcloud run jobs update NAME --set-cloudsql-instances=PROJECT:REGION:INSTANCE), give the service "
         "account roles/cloudsql.client"},
        {to("localhost"), kubernetes, "", failed("localhost", "Connection refused"),
         "check that the proxy sidecar is running"},
        {to("pg.railway.internal"), bare, "", not_translated("pg.railway.internal"), "DATABASE_PUBLIC_URL"},
        {to("pg.flycast"), bare, "", not_translated("pg.flycast"), "fly proxy 5432"},
        {to("dpg-x-a"), bare, "", not_translated("dpg-x-a"), "inside Render"},
        {to("pg.ns.svc.cluster.local"), bare, "", not_translated("pg.ns.svc.cluster.local"),
         "kubectl port-forward"},
        {to("host.docker.internal"), docker(), "", not_translated("host.docker.internal"),
         "--add-host=host.docker.internal:host-gateway"},
        {to("pg.internal"), bare, "", not_translated("pg.internal"), "an internal name"},
        {to("db"), docker(), "", not_translated("db"), "a service's name on a shared network"},
        {to("db"), kubernetes, "", not_translated("db"), "NAME.NAMESPACE.svc.cluster.local"},
        {to("db"), fake_place{{"GITHUB_ACTIONS", "true"}}, "", not_translated("db"), "write localhost:5432"},
        {to("db"), unit, "", not_translated("db"), "PrivateNetwork=yes"},
        {to("db.example"), bare, "", not_translated("db.example", "Temporary failure in name resolution"),
         "No name server answered"},
        {to("db.example"), bare, "", not_translated("db.example"), "not known to the DNS here"},

        {to(ip), job, "", failed(ip, "timeout expired"), "Set Direct VPC egress up: gcloud run jobs"},
        {to(ip), job, "", failed(ip, "timeout expired"), "--vpc-connector=CONNECTOR"},
        {to(ip), mounted, "", failed(ip, "Connection timed out"),
         "/cloudsql is mounted here, so postgresql://USER:***@/DATABASE?host=/cloudsql/"},
        {to("db.example"), job, "",
         "connection to server at \"db.example\" (10.1.2.3), port 5432 failed: Connection timed out\n",
         "the private address db.example:5432"},
        {to(ip), fake_place{{"AWS_LAMBDA_FUNCTION_NAME", "f"}}, "", "timeout expired", "its VPC"},
        {to(ip), fake_place{{"GAE_ENV", "standard"}}, "", "timeout expired", "vpc_access_connector"},
        {to(ip), unit, "", failed(ip, "Network is unreachable"), "PrivateNetwork=yes"},
        {to("127.0.0.1"), unit, "", failed("127.0.0.1", "Connection refused"), "a loopback of its own"},
        {to(ip), unit, "", "could not create socket: Address family not supported by protocol\n",
         "RestrictAddressFamilies= must name AF_INET and AF_INET6"},
        {to(ip), bare, "", "could not create socket: Address family not supported by protocol\n",
         "no such address family"},
        {to(ip), unit, "", failed(ip, "Operation not permitted"), "IPAddressDeny="},
        {"postgresql://u@/shop?host=/tmp", unit, "", at_socket("/tmp", "No such file or directory"),
         "With PrivateTmp=yes the unit has a /tmp of its own"},
        {socket, docker(), "", at_socket("/run/pg", "No such file or directory"),
         "docker run -v /run/pg:/run/pg"},
        {socket, bare, "", at_socket("/run/pg", "Permission denied"), "may not open the socket"},

        {to(ip), bare, "53300", "sorry, too many clients already", "raise max_connections"},
        {to(ip), bare, "53300", "too many connections for role \"vividly\"", "ALTER ROLE"},
        {to(ip), bare, "08P01", "unsupported startup parameter: options", "MIGRATION_DATABASE_URL"},
        {to(ip), bare, "08P01", "no such database: shop", "the section [databases]"},
        {to(ip), bare, "3D000", "no such database: shop", "The pooler has no database \"shop\""},
        {to(ip), bare, "08P01", "no such user: vividly", "auth_file or auth_query"},
        {to(ip), bare, "08P01", "no more connections allowed (max_client_conn)", "max_client_conn"},
        {to(ip), bare, "08P01", "server login has been failing, try again later (server_login_retry)",
         "cannot reach or log in to the server behind it"},
        {to(ip), bare, "28000", "Peer authentication failed for user \"vividly\"", "pg_ident.conf"},
        {to(ip), bare, "28000", "role \"vividly\" is not permitted to log in", "ALTER ROLE it LOGIN"},
        {"postgresql://h:5432/shop", bare, "28000", "role \"x\" does not exist",
         "the name of this process's account"},
        {"postgresql://vividly@h:5432/shop", fake_place{{"PGPASSWORD", "Zq7wKx2y"}}, "28P01", "",
         "it came from PGPASSWORD"},
        {"postgresql://vividly@h:5432/shop", bare, "28P01", "", "a passfile (PGPASSFILE, ~/.pgpass)"},
    };
}

TEST_CASE("every answer of server, pooler and network gets the hint of its cause", "[connect_hint]")
{
    for (auto const& one : attempts_by_row()) {
        INFO(one.url << " " << one.sqlstate << " " << one.text);
        auto const hint = hint_for(one);
        INFO(hint);
        CHECK(has(hint, one.hint));
        CHECK(hint.ends_with('.'));
        CHECK_FALSE(has(hint, entry_password));
    }
}

TEST_CASE("the kernel's answer tells a missing route from a firewall", "[connect_hint]")
{
    auto place = fake_place{{"K_SERVICE", "x"}};
    auto const hint = [&] { return hint_for({to("10.240.0.3"), place, "", "timeout expired", ""}); };
    CHECK(has(hint(), "No route or no answer from the private address 10.240.0.3:5432"));
    place.with_route("10.240.0.3", schemagate::route_kind::absent);
    CHECK(has(hint(), "There is no route from here to the private address 10.240.0.3:5432: a Cloud Run"));
    place.with_route("10.240.0.3", schemagate::route_kind::there);
    CHECK(has(hint(), "There is a route from here to the private address 10.240.0.3:5432, but no answer"));
}

TEST_CASE("an IPv6 address that has a route is not blamed on IPv6", "[connect_hint]")
{
    auto place = fake_place{{"GITHUB_ACTIONS", "true"}};
    auto const hint = [&] { return hint_for({to("[2001:db8::1]"), place, "", "timeout expired", ""}); };
    CHECK(has(hint(), "GitHub Actions has no IPv6 route"));
    place.with_route("2001:db8::1", schemagate::route_kind::absent);
    CHECK(has(hint(), "There is no route from here to [2001:db8::1]:5432: the host has an IPv6 address"));
    place.with_route("2001:db8::1", schemagate::route_kind::there);
    CHECK(has(hint(), "but no answer: a firewall drops the packets"));
}

TEST_CASE("of several hosts the hint speaks of the one that the text names", "[connect_hint]")
{
    auto const bare = fake_place{};
    auto const list = std::string{"postgresql://u:p@h1,h2,[2001:db8::1]/d?port=5432"};
    auto const hint = [&](std::string const& text) { return hint_for({list, bare, "", text, ""}); };
    CHECK(has(hint(failed("h2", "Connection refused")), "No server is listening on h2:5432"));
    CHECK(has(hint(not_translated("h2")), "The name h2"));
    CHECK(has(hint(failed("2001:db8::1", "Connection refused")),
              "No server is listening on [2001:db8::1]:5432"));
    CHECK(has(hint(failed("other", "Connection refused")), "No server is listening on h1:5432"));
}

TEST_CASE("where the text tells nothing, socket and route are asked", "[connect_hint]")
{
    auto place = fake_place{};
    auto const translated = std::string{"Verbindung fehlgeschlagen: Datei oder Verzeichnis nicht gefunden"};
    auto const socket = std::string{"postgresql://u:p@/d?host=/run/pg"};
    auto const hint = [&](std::string const& url) { return hint_for({url, place, "", translated, ""}); };
    CHECK(hint(socket).empty());
    place.with_answer("/run/pg/.s.PGSQL.5432", schemagate::socket_answer::absent);
    CHECK(has(hint(socket), "is not there"));
    place.with_answer("/run/pg/.s.PGSQL.5432", schemagate::socket_answer::refused);
    CHECK(has(hint(socket), "no server is listening"));
    place.with_answer("/run/pg/.s.PGSQL.5432", schemagate::socket_answer::forbidden);
    CHECK(has(hint(socket), "may not open"));
    place.with_answer("/run/pg/.s.PGSQL.5432", schemagate::socket_answer::accepted);
    CHECK(hint(socket).empty());

    CHECK(hint(to("10.0.0.9")).empty());
    place.with_route("10.0.0.9", schemagate::route_kind::absent);
    CHECK(has(hint(to("10.0.0.9")), "There is no route from here to the private address 10.0.0.9:5432"));
    place.with_route("10.0.0.9", schemagate::route_kind::forbidden);
    CHECK(has(hint(to("10.0.0.9")), "may not open a socket"));
}
