// Rows about the way to the server: sockets, hosts, ports, and the place they are looked for in.
#include "url_mistake.hpp"

using schemagate::file_kind;

namespace {

fake_place job()
{
    return fake_place{{"CLOUD_RUN_JOB", "migrate"}};
}

fake_place with_default_socket()
{
    auto place = fake_place{};
    place.with_socket("/var/run/postgresql");
    return place;
}

fake_place without_server()
{
    auto place = fake_place{};
    place.with("/var/run/postgresql", file_kind::folder);
    return place;
}

auto const cloudsql = std::string{"postgresql://vividly:Zq7wKx2y@/vividly?host=/cloudsql/p:r:i"};

} // namespace

static std::vector<mistake> mistakes_of_way()
{
    auto attached_other = job();
    attached_other.with("/cloudsql", file_kind::folder);
    auto starting = attached_other;
    starting.with("/cloudsql/p:r:i", file_kind::folder);
    auto kubernetes = fake_place{{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}};

    return {
        {cloudsql, job(), "refuse socket-not-mounted",
         "DATABASE_URL asks for the Cloud SQL socket /cloudsql/p:r:i, but the folder /cloudsql does not "
         "exist "
         "in this Cloud Run job.",
         "gcloud run jobs update migrate --set-cloudsql-instances=p:r:i. Or use TCP over the VPC: "
         "postgresql://vividly:***@PRIVATE_IP:5432/vividly"},
        {cloudsql, job(), "refuse socket-not-mounted", "/cloudsql",
         "gcloud sql instances describe i --project=p "
         "--format='value(ipAddresses.filter(type:PRIVATE).firstof(ipAddress))'"},
        {cloudsql, fake_place{{"K_SERVICE", "api"}}, "refuse socket-not-mounted", "in this Cloud Run service",
         "gcloud run services update api --add-cloudsql-instances=p:r:i"},
        {cloudsql, fake_place{{"GAE_ENV", "standard"}}, "refuse socket-not-mounted", "here (App Engine)",
         "beta_settings: cloud_sql_instances: p:r:i"},
        {cloudsql, kubernetes, "refuse socket-not-mounted", "here (Kubernetes)", "as a sidecar"},
        {cloudsql, docker(), "refuse socket-not-mounted", "here (Docker)",
         "docker run -v /cloudsql:/cloudsql"},
        {cloudsql, fake_place{{"container", "podman"}}, "refuse socket-not-mounted", "here (Podman)",
         "podman run -v /cloudsql:/cloudsql"},
        {cloudsql, fake_place{{"DYNO", "web.1"}}, "refuse socket-not-mounted", "here (Heroku)",
         "cloud-sql-proxy --unix-socket=/cloudsql p:r:i"},
        {cloudsql, fake_place{}, "refuse socket-not-mounted", "does not exist here.",
         "cloud-sql-proxy --unix-socket=/cloudsql p:r:i"},
        // /cloudsql is there: what is below it may still come, so the attempt to connect decides.
        {cloudsql, attached_other, "warn socket-folder-absent", "another instance may be attached",
         "Compare the name"},
        {cloudsql, starting, "note socket-not-there-yet", "no socket .s.PGSQL.5432 in it yet",
         "it will appear"},

        {"postgresql://u:Zq7wKx2y@/db", job(), "refuse host-missing",
         "DATABASE_URL must have a host, or name a socket: it names neither, and libpq would silently use "
         "the "
         "socket folder /var/run/postgresql, in which no server listens in this Cloud Run job.",
         "Write postgresql://u:***@HOST:5432/db"},
        {"postgresql://:5432/db", fake_place{}, "refuse host-missing", "must have a host",
         "postgresql://USER:***@/DATABASE?host=/FOLDER"},
        // A warning, not an error: a server of this machine may be the one that is meant.
        {"postgresql://u:Zq7wKx2y@/db", with_default_socket(), "warn host-missing",
         "in which a server of this machine listens", "host=/var/run/postgresql"},
        {"postgresql://u:Zq7wKx2y@/db", without_server(), "refuse host-missing",
         "in which no server listens here", "u:***@HOST:5432/db"},
        {"postgresql://u:Zq7wKx2y@:5432/db", fake_place{{"PGHOST", "db"}}, "", "", ""},

        {"postgresql://u:Zq7wKx2y@/db?host=/cloudsql/p:r:i/.s.PGSQL.5432", job(), "refuse socket-file-named",
         "libpq asks for its folder, and adds /.s.PGSQL.5432 itself", "Write host=/cloudsql/p:r:i."},
        {"postgresql://u:Zq7wKx2y@/db?host=/" + std::string(93, 'x'), fake_place{},
         "refuse socket-path-too-long", "is 108 bytes long, with /.s.PGSQL.5432; the system's limit is 107",
         "--unix-socket-path"},
        {"postgresql://u:Zq7wKx2y@localhost/db?host=h2&port=5432", fake_place{}, "warn host-given-twice",
         "libpq uses host=h2 of the query", "Drop the one that is not meant."},
        {"postgresql://u:Zq7wKx2y@/var/run/postgresql/db", fake_place{}, "refuse socket-in-path",
         "libpq takes it for the database", "?host=/var/run/postgresql"},
        {"postgresql://u:Zq7wKx2y@/p:europe-west1:i/db", fake_place{}, "refuse socket-in-path",
         "libpq takes it for the database", "?host=/cloudsql/p:europe-west1:i"},
        {"postgresql://u:Zq7wKx2y@/tmp/db?port=5432", fake_place{{"PGHOST", "h"}}, "warn database-has-slash",
         "asks for a database \"tmp/db\"", "write it as %2F"},

        {"postgresql://u:Zq7wKx2y@localhost:5432/db", docker(), "warn loopback-in-container",
         "localhost is this container itself here (Docker)", "host.docker.internal"},
        {"postgresql://u:Zq7wKx2y@127.0.0.1:5432/db", kubernetes, "warn loopback-in-container",
         "this container itself here (Kubernetes)", "If a proxy sidecar listens here, ignore this."},
        {"postgresql://u:Zq7wKx2y@127.1:5432/db", job(), "warn loopback-in-container",
         "in this Cloud Run job", "its address"},
        {"postgresql://u:Zq7wKx2y@localhost:5432/db", fake_place{{"CI", "true"}}, "", "", ""},

        {"postgresql://u:Zq7wKx2y@h:tcp:%2F%2F10.0.0.1:5432/db", kubernetes, "refuse service-link-port",
         "its port is the URL of a Kubernetes service link", "enableServiceLinks: false"},
        {"postgresql://h:tcp://10.0.0.1:5432/db", kubernetes, "refuse service-link-port",
         "must have a port, or be a Unix socket", "NAME_PORT"},
        {"postgresql://u:Zq7wKx2y@h:-U/db", fake_place{}, "refuse port-invalid",
         "its port is not a number from 1 to 65535", "HOST:5432"},
        {"postgresql://u:Zq7wKx2y@h:65536/db", fake_place{}, "refuse port-invalid", "\"65536\"", "HOST:5432"},
        {"postgresql://app:Zq7wKx2y/db", fake_place{}, "refuse port-invalid",
         "follows its first colon is not a number", "the @HOST is missing"},
        {"postgresql://u:Zq7wKx2y@2001:db8::17:5432/db", fake_place{}, "refuse ipv6-brackets",
         "an IPv6 address without brackets", "[2001:db8::17]:5432"},
        // A warning, not an error: libpq's rule, and right where the database is called like its user.
        {"postgresql://vividly:Zq7wKx2y@h:5432", fake_place{}, "warn database-missing",
         "libpq takes \"vividly\", the user's name, and that will be migrated", "@HOST:5432/DATABASE"},
        {"postgresql://u:Zq7wKx2y@h:5432/", fake_place{{"PGDATABASE", "db"}}, "", "", ""},

        {"postgresql://u:Zq7wKx2y@localhost:5432/db?sslmode=require", fake_place{}, "note tls-on-loopback",
         "from a server on this machine, which often has none", "sslmode=disable"},

        {"postgresql://u:Zq7wKx2y@pg.railway.internal:5432/db", fake_place{}, "warn internal-name",
         "only known inside Railway", "DATABASE_PUBLIC_URL"},
        {"postgresql://u:Zq7wKx2y@pg.railway.internal:5432/db",
         fake_place{{"RAILWAY_ENVIRONMENT", "production"}}, "", "", ""},
        {"postgresql://u:Zq7wKx2y@dpg-abc-a:5432/db", fake_place{}, "warn internal-name",
         "only known inside Render", "external database URL"},
        {"postgresql://u:Zq7wKx2y@pg.flycast:5432/db", fake_place{}, "warn internal-name",
         "only known inside Fly.io", "fly proxy 5432"},
        {"postgresql://u:Zq7wKx2y@pg.flycast:5432/db", fake_place{{"FLY_APP_NAME", "app"}}, "", "", ""},
        {"postgresql://u:Zq7wKx2y@pg.ns.svc.cluster.local:5432/db", fake_place{}, "warn internal-name",
         "inside its Kubernetes cluster", "kubectl port-forward"},
        {"postgresql://u:Zq7wKx2y@host.docker.internal:5432/db", fake_place{}, "warn internal-name",
         "inside a container of Docker Desktop", "use localhost"},
        {"postgresql://u:Zq7wKx2y@/db", fake_place{{"PGHOST", "localhost:5432"}}, "refuse port-in-host",
         "has a port inside of a host's name, \"localhost:5432\"", "port=5432 (or PGPORT)"},
        // What a general URL parser loses, libpq reads: it is given the whole string.
        {cloudsql,
         [] {
             auto place = job();
             place.with("/cloudsql", file_kind::folder).with_socket("/cloudsql/p:r:i");
             return place;
         }(),
         "", "", ""},
    };
}

TEST_CASE("rows about sockets, hosts and ports give their finding in their place", "[url_mistakes]")
{
    check_rows(mistakes_of_way());
}

TEST_CASE("a socket that nobody mounted is refused only where nothing can bring it any more",
          "[url_mistakes]")
{
    auto bare = fake_place{};
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/no/such/folder", bare)) == "warn socket-folder-absent");
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/tmp", bare)) == "warn socket-folder-absent");
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/cloudsql/a:b:c", bare)) == "refuse socket-not-mounted");
    // libpq's own folder, named by the environment or a service, is named.
    bare.variables["PGHOST"] = "/var/run/postgresql";
    CHECK(codes(diagnose("postgresql://u:p@/db", bare)) == "warn socket-folder-absent");
}

TEST_CASE("SCHEMAGATE_CONNECTION is asked of libpq's own folder too, and names who set the host",
          "[url_mistakes]")
{
    auto const tcp = schemagate::url_policy{schemagate::connection_method::tcp, {}, {}};
    auto const socket = schemagate::url_policy{schemagate::connection_method::socket, {}, {}};
    auto const text = std::string{"postgresql://u:p@/db"};
    CHECK(has(codes(diagnose(text, with_default_socket(), tcp)), "refuse connection-not-tcp"));
    CHECK(codes(diagnose(text, with_default_socket(), socket)) == "warn host-missing");

    auto const by_environment = fake_place{{"PGHOST", "db"}, {"PGPORT", "5432"}};
    auto const found = find(diagnose(text, by_environment, socket), "connection-not-socket");
    REQUIRE(found);
    CHECK(has(found->message, "SCHEMAGATE_CONNECTION is socket, but PGHOST names the TCP host db."));
    // A service that we cannot read may name anything.
    CHECK(codes(diagnose("postgresql:///db?service=x", fake_place{}, tcp)) == "warn service-not-found");
}

TEST_CASE("a socket's folder without its leading / is refused, with the line to write", "[url_mistakes]")
{
    struct row
    {
        std::string url;
        std::string message;
        std::string fix;
    };
    auto const before = std::string{"postgresql://vividly:Zq7wKx2y@"};
    for (auto const& [url, message, fix] : std::vector<row>{
             {before + "/vividly?host=cloudsql/P:R:I", "host=cloudsql/P:R:I lacks its leading /",
              "Write host=/cloudsql/P:R:I."},
             {before + "/vividly?host=cloudsql%2FP:R:I", "host=cloudsql/P:R:I lacks its leading /",
              "Write host=/cloudsql/P:R:I."},
             {before + "/vividly?host=p-1:europe-west1:i", "host=p-1:europe-west1:i is a Cloud SQL instance",
              "Write host=/cloudsql/p-1:europe-west1:i."},
             {before + "/vividly?host=example.com:p:r:i", "is a Cloud SQL instance's name",
              "Write host=/cloudsql/example.com:p:r:i."},
             {before + "/vividly?host=db.example/vividly", "A host with a / in it lacks its leading /",
              "name it apart: dbname=NAME"},
             {before + "P:R:I/vividly", "PROJECT:REGION:INSTANCE, stands where", "?host=/cloudsql/PROJECT"},
             {before + "cloudsql%2FP/vividly", "host=cloudsql/P lacks its leading /",
              "Write host=/cloudsql/P."},
             {"host=cloudsql/P:R:I user=u password=Zq7wKx2y dbname=d", "host=cloudsql/P:R:I lacks",
              "Write host=/cloudsql/P:R:I."},
         }) {
        auto const d = diagnose(url);
        INFO(shown_text(d));
        auto const found = find(d, "socket-slash-missing");
        REQUIRE(found);
        CHECK(name(found->severity) == "refuse");
        CHECK(has(found->message, message));
        CHECK(has(found->fix, fix));
        CHECK_FALSE(has(shown_text(d), "Zq7wKx2y"));
    }
    auto const environment =
        find(diagnose(before + "/vividly", fake_place{{"PGHOST", "cloudsql/P:R:I"}}), "socket-slash-missing");
    REQUIRE(environment);
    CHECK(has(environment->message, "PGHOST=cloudsql/P:R:I lacks its leading / in the environment variable"));
    CHECK(environment->fix == "Write PGHOST=/cloudsql/P:R:I.");
    // A socket was meant, so SCHEMAGATE_CONNECTION=socket has nothing to add, unless a host by TCP would
    // serve.
    auto const policy = schemagate::url_policy{schemagate::connection_method::socket, {}, {}};
    CHECK(codes(diagnose(before + "/vividly?host=cloudsql/P:R:I&port=5432", fake_place{}, policy)) ==
          "refuse socket-slash-missing");
    CHECK(has(codes(diagnose(before + "/vividly?host=cloudsql/P:R:I,db&port=5432", fake_place{}, policy)),
              "refuse connection-not-socket"));
}

TEST_CASE("what libpq may reach past a folder without its / is only warned about", "[url_mistakes]")
{
    CHECK(codes(diagnose("postgresql://u:p@/d?host=cloudsql/P:R:I,db&port=5432")) ==
          "warn socket-slash-missing, warn several-hosts");
    CHECK(codes(diagnose("postgresql://u:p@/d?host=P:R:I&hostaddr=10.0.0.1&port=5432")) ==
          "warn hostaddr-beside-host");
    CHECK(codes(diagnose("postgresql://u:p@/d?host=fe80::1&port=5432")).empty());
    CHECK(codes(diagnose("postgresql://u:p@/d?host=a:b:5432")) == "refuse port-in-host");
    // A machine may be called cloudsql, and a database like an instance.
    auto const d = diagnose("postgresql://u:p@cloudsql/P:R:I/vividly");
    CHECK(has(codes(d), "warn socket-slash-missing"));
    CHECK(has(find(d, "socket-slash-missing")->fix, "?host=/cloudsql/P:R:I."));
}
