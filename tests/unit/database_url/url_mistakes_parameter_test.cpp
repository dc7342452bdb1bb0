// Rows about parameters, TLS, and what particular providers ask for.
#include "url_mistake.hpp"

namespace {

auto const url = std::string{"postgresql://u:Zq7wKx2y@h:5432/db"};
auto const nowhere = fake_place{{"HOME", "/home/u"}};
auto const supabase = std::string{"aws-0-eu.pooler.supabase.com"};
auto const neon = std::string{"ep-x-pooler.eu.aws.neon.tech"};

} // namespace

static std::vector<mistake> mistakes_of_parameters()
{
    auto with_ca = nowhere;
    with_ca.with("/etc/ca.crt", schemagate::file_kind::regular);
    return {
        {url + "?schema=public", nowhere, "refuse parameter-unknown", "schema, which is Prisma's",
         "options=-c%20search_path%3Dpublic"},
        {url + "?connection_limit=5", nowhere, "refuse parameter-unknown",
         "connection_limit, which is Prisma's", "Drop it"},
        {url + "?pool_timeout=5", nowhere, "refuse parameter-unknown", "pool_timeout", "Drop it"},
        {url + "?pgbouncer=true", nowhere, "refuse parameter-unknown", "pgbouncer, which is Prisma's",
         "MIGRATION_DATABASE_URL"},
        {url + "?search_path=x", nowhere, "refuse parameter-unknown", "pgx's and lib/pq's",
         "options=-c%20search_path%3Dx"},
        {url + "?binary_parameters=yes", nowhere, "refuse parameter-unknown", "lib/pq's", "Drop it"},
        {url + "?x-migrations-table=m", nowhere, "refuse parameter-unknown", "golang-migrate's", "Drop it"},
        {url + "?currentSchema=x", nowhere, "refuse parameter-unknown", "JDBC's", "search_path"},
        {url + "?sslmode=no-verify", nowhere, "refuse sslmode-invalid", "(no-verify)",
         "node-postgres's word. Write sslmode=require"},
        {url + "?sslmode=REQUIRE", nowhere, "refuse sslmode-invalid", "(REQUIRE)", "verify-full"},
        {url + "?sslmode=required", nowhere, "refuse sslmode-invalid", "(required)",
         "Write sslmode=require (or another of: disable"},
        {url + "?sslmode=verify_full", nowhere, "refuse sslmode-invalid", "(verify_full)",
         "Write sslmode=verify-full"},
        {url + "?hots=x", nowhere, "refuse parameter-unknown", "does not know: hots",
         "Did you mean host? Otherwise drop it"},
        {url + "?ssl_mode=require", nowhere, "refuse parameter-unknown", "ssl_mode", "Did you mean sslmode?"},
        {url + "?sslMode2=require", nowhere, "refuse parameter-unknown", "does not know",
         "Did you mean sslmode?"},
        {url + "?colour=x", nowhere, "refuse parameter-unknown", "colour", "Drop it, or write an &"},
        {url, fake_place{{"PGSSLMODE", "on"}}, "refuse sslmode-invalid",
         "the environment variable PGSSLMODE sets sslmode", "Write one of: disable"},
        {url + "?ssl=true", nowhere, "", "", ""}, // libpq's own alias of sslmode=require
        {url + "?ssl=require", nowhere, "refuse ssl-parameter", "libpq knows only ssl=true",
         "sslmode=require"},
        {url + "?ssl=1", nowhere, "refuse ssl-parameter", "ssl=", "sslmode=require"},
        {url + "?sslmode=verify-full&sslrootcert=/x/root.crt", nowhere, "refuse root-certificate-missing",
         "the root certificate /x/root.crt is not there", "global-bundle.pem"},
        {url + "?sslmode=verify-ca", nowhere, "refuse root-certificate-missing",
         "/home/u/.postgresql/root.crt", "sslrootcert=/PATH/root.crt"},
        {url + "?sslmode=verify-full&sslrootcert=/etc/ca.crt", with_ca, "", "", ""},
        {"postgresql://u:h:5432/?Action=connect&DBUser=u&X-Amz-x=Zq7wKx2y@h:5432/db", nowhere,
         "refuse iam-token-unescaped", "an IAM token of Amazon RDS as it is", "Percent-encode the token"},
        {"postgresql://u:h%3A5432%2F%3FAction%3Dconnect%26DBUser%3Du@h:5432/db?sslmode=require", nowhere,
         "warn iam-token", "good for 15 minutes", "Fetch it at each start"},
        {"postgresql://admin@srv:Zq7wKx2y@srv.postgres.database.azure.com:5432/db", nowhere,
         "refuse azure-user", "has an @ in its user", "NAME%40SERVER"},
        // The providers' rules change and the server answers at once, so these only warn.
        {"postgresql://postgres:Zq7wKx2y@" + supabase + ":5432/db", nowhere, "warn supabase-user",
         "the user has no project in it", "postgres.PROJECT_REF"},
        {"postgresql://postgres.ref:Zq7wKx2y@" + supabase + ":6543/db", nowhere,
         "warn supabase-transaction-mode", "no lock of a session holds", "Use port 5432 (session mode)"},
        {"postgresql://postgres:Zq7wKx2y@db.ref.supabase.co:5432/db", nowhere, "warn supabase-ipv6",
         "an IPv6 address only", "use the session pooler"},
        {"postgresql://u:Zq7wKx2y@" + neon + ":5432/db", nowhere, "warn neon-pooler",
         "works in transaction mode", "Drop \"-pooler\" from the host"},
        {"postgresql://u:Zq7wKx2y@" + neon + ":5432/db?options=-cx%3D1", nowhere, "warn neon-pooler-options",
         "refuses the startup parameter options", "Drop options="},
    };
}

TEST_CASE("rows about parameters and providers give their finding", "[url_mistakes]")
{
    check_rows(mistakes_of_parameters());
}

TEST_CASE("a missing root certificate is only a warning beside a socket", "[url_mistakes]")
{
    auto place = nowhere;
    place.with_socket("/run/pg");
    auto const text = std::string{"postgresql://u:p@/db?host=/run/pg,h&port=5432&sslmode=verify-full"};
    CHECK(codes(diagnose(text, place)) == "warn root-certificate-missing, warn several-hosts");
}

TEST_CASE("a root certificate with a newline at its end matters only where it is verified", "[url_mistakes]")
{
    CHECK(codes(diagnose(url + "?sslmode=require&sslrootcert=/etc/ca.crt\n")) == "warn newline-at-end");
    CHECK(has(codes(diagnose(url + "?sslmode=verify-full&sslrootcert=/etc/ca.crt\n")),
              "refuse root-certificate-missing"));
}

TEST_CASE("a passfile that libpq passes over is named, but no password in the URL is no mistake",
          "[url_mistakes]")
{
    auto const text = std::string{"postgresql://u@h:5432/db"};
    CHECK(codes(diagnose(text, nowhere)).empty());
    CHECK(codes(diagnose(text + "?passfile=/x", nowhere)) == "warn passfile-absent");
    CHECK(codes(diagnose(text, fake_place{{"PGPASSFILE", "/x"}})) == "warn passfile-absent");
    CHECK(codes(diagnose(url, fake_place{{"PGPASSFILE", "/x"}})).empty());
    CHECK(codes(diagnose(text, fake_place{{"PGPASSFILE", "/x"}, {"PGPASSWORD", "p"}})).empty());

    auto place = nowhere;
    place.with("/home/u/.pgpass", schemagate::file_kind::regular);
    CHECK(codes(diagnose(text, place)).empty());
    place.access["/home/u/.pgpass"] = {0644, false};
    auto const found = find(diagnose(text, place), "passfile-ignored");
    REQUIRE(found);
    CHECK(
        has(found->message, "/home/u/.pgpass may be read by others than its owner, so libpq passes over it"));
    CHECK(has(found->fix, "chmod 0600"));
}
