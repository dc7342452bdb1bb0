// One line per mistake: the text, and the finding it must give.
#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::file_kind;

namespace {

struct mistake
{
    std::string text;
    std::string finding;
};

auto const url = std::string{"postgresql://u:p@h:5432/db"};

std::vector<mistake> mistakes()
{
    return {
        // nothing, or not a connection string
        {"", "refuse url-empty"},
        {" \n", "refuse url-empty"},
        {std::string{"postgresql://u:p@h/db\0x", 23}, "refuse nul-byte"},
        {"\"" + url + "\"", "refuse quotes-around"},
        {"'" + url + "'", "refuse quotes-around"},
        {"\xE2\x80\x9C" + url + "\xE2\x80\x9D", "refuse quotes-around"},
        {url + "\"", "refuse quotes-around"},
        {"\xEF\xBB\xBF" + url, "refuse invisible-character"},
        {" " + url, "refuse blank-at-start"},
        {"/run/secrets/db", "refuse secret-not-resolved"},
        {"projects/p/secrets/db/versions/1", "refuse secret-not-resolved"},
        {"arn:aws:secretsmanager:eu:1:secret:x", "refuse secret-not-resolved"},
        {"sm://p/db", "refuse secret-not-resolved"},
        {"$DATABASE_URL", "refuse variable-not-replaced"},
        {"${DATABASE_URL}", "refuse variable-not-replaced"},
        {"{{ secrets.url }}", "refuse variable-not-replaced"},
        {"%DATABASE_URL%", "refuse variable-not-replaced"},
        {"DATABASE_URL=" + url, "refuse name-inside-value"},
        {"psql " + url, "refuse name-inside-value"},
        {"jdbc:postgresql://h:5432/db", "refuse scheme-jdbc"},
        {"postgresql+psycopg2://u:p@h/db", "refuse scheme-sqlalchemy"},
        {"postgres+asyncpg://u:p@h/db", "refuse scheme-sqlalchemy"},
        {"mysql://u:p@h/db", "refuse scheme-other-database"},
        {"sqlserver://h;user=sa", "refuse scheme-other-database"},
        {"https://h/db", "refuse scheme-other-database"},
        {"postgre://u:p@h/db", "refuse scheme-misspelt"},
        {"postgressql://u:p@h/db", "refuse scheme-misspelt"},
        {"Postgres://u:p@h/db", "refuse scheme-misspelt"},
        {"pgsql://u:p@h/db", "refuse scheme-misspelt"},
        {"user:pass@host/db", "refuse scheme-missing"},
        {"Server=h;Database=d;User Id=u", "refuse ado-style"},
        {"host=h;dbname=d;user=u;password=P", "refuse ado-style"},
        {"hello", "refuse not-a-connection-string"},
        {"host=h password=se cret", "refuse not-a-connection-string"},
        // templates
        {"postgresql://${DB_USER}:${DB_PASS}@${DB_HOST}:5432/db", "refuse variable-not-replaced"},
        {"postgresql://u:${DB_PASS}@h:5432/db", "refuse variable-not-replaced"},
        {"postgresql://u:p@$(DB_HOST):5432/db", "refuse variable-not-replaced"},
        {"postgresql://u:p@$DB_HOST:5432/db", "refuse variable-not-replaced"},
        {"postgresql://u:p@%DB_HOST%:5432/db", "refuse variable-not-replaced"},
        {"host=${DB_HOST} dbname=db", "refuse variable-not-replaced"},
        {"postgresql://u:[YOUR-PASSWORD]@h:5432/db", "refuse password-placeholder"},
        {"postgresql://u:***@h:5432/db", "warn password-masked"},
        {"postgresql://<user>:p@h:5432/db", "refuse placeholder-left"},
        {"postgresql://USER:PASSWORD@HOST:5432/DATABASE", "refuse placeholder-left"},
        {"postgresql://u:p@PRIVATE_IP:5432/db", "refuse placeholder-left"},
        // ambiguous
        {"postgresql://u:p@ss@h:5432/db", "refuse password-has-at"},
        {"postgresql://u:p@@h:5432/db", "refuse password-has-at"},
        {"postgresql://u:p/ss@h:5432/db", "refuse password-has-slash"},
        {"postgresql://u:12/ss@h:5432/db", "refuse password-has-slash"},
        {"postgresql://u:p@s/s@h:5432/db", "refuse password-has-slash"},
        {"postgresql://u:p/s?s@h:5432/db", "refuse password-has-slash"},
        {"postgresql://u:pa@piece/word@db.example", "refuse password-has-slash"}, // no database's name
        {"postgresql://u:pa@piece/word@localhost", "refuse password-has-slash"},
        {"postgresql://ad@srv:p@srv.postgres.database.azure.com/db", "refuse azure-user"},
        {"postgresql://u:h:5432/?Action=connect&DBUser=u&X-Amz-x=1@h:5432/db", "refuse iam-token-unescaped"},
        // what libpq refuses
        {"postgresql://u:p%@h:5432/db", "refuse percent-unescaped"},
        {"postgresql://u:p%zz@h:5432/db", "refuse percent-unescaped"},
        {"postgresql://u:p%00@h:5432/db", "refuse escape-of-nul"},
        {"postgresql://u:p@[::1/db", "refuse ipv6-brackets"},
        {"postgresql://u:p@[::1]5432/db", "refuse ipv6-brackets"},
        {"postgresql://u:p@2001:db8::1:5432/db", "refuse ipv6-brackets"},
        {"postgresql://u:p@::1/db", "refuse ipv6-brackets"},
        {"postgresql://h:5432/db?password=a&b", "refuse password-unescaped"},
        {"postgresql://h:5432/db?password=a=b", "refuse password-unescaped"},
        {"postgresql://u:p@h:5432/db?sslmode", "refuse query-malformed"},
        {"postgresql://u:p@h:5432/db?ssl=1", "refuse ssl-parameter"},
        {"postgresql://u:p@h:5432/db?schema=public", "refuse parameter-unknown"},
        {"postgresql://u:p@h:5432/db?pgbouncer=true", "refuse parameter-unknown"},
        {"postgresql://u:p@h:5432/db?min_protocol_version=3.2", "refuse parameter-unknown"},
        {"postgresql://u:p@h:5432/db?SSLMODE=require", "refuse parameter-unknown"},
        {"postgresql://u:p@h:5432/db?whatever=1", "refuse parameter-unknown"},
        // characters
        {url + "\n", "refuse newline-at-end"},
        {url + "\r\n", "refuse carriage-return-at-end"},
        {url + " ", "refuse blank-at-end"},
        {url + "?sslmode=require\n", "refuse newline-at-end"},
        {url + "?connect_timeout=5\n", "warn newline-at-end"},
        {"postgresql://u:p@h:5432/d b", "warn blank-unescaped"},
        {url + "?options=-c search_path%3Dx", "warn blank-unescaped"},
        {"postgresql://u:p@\xC2\xA0h:5432/db", "refuse invisible-character"},
        {"postgresql://u:p#q@h:5432/db", "warn delimiter-unescaped"},
        {"postgresql://u:p?q@h:5432/db", "warn delimiter-unescaped"},
        {"postgresql://u:p%2540@h:5432/db", "warn encoded-twice"},
        // parameters
        {url + "?sslmode=no-verify", "refuse sslmode-invalid"},
        {url + "?sslmode=REQUIRE", "refuse sslmode-invalid"},
        {url + "?target_session_attrs=master", "refuse value-invalid"},
        {url + "?connect_timeout=10s", "refuse connect-timeout-invalid"},
        {url + "?sslmode=verify-full&sslrootcert=/x/root.crt", "refuse root-certificate-missing"},
        {url + "?host=h2", "warn host-given-twice"},
        {url + "?application_name=a&application_name=b", "warn parameter-given-twice"},
        {"postgresql://u:p@h1:1,h2:2,h3:3/db?port=1,2", "refuse host-count"},
        {"postgresql://u:Action%3Dconnect%26DBUser%3Du@h:5432/db", "warn iam-token"},
        {url + "?service=nowhere", "warn service-not-found"},
        // host, port
        {"postgresql://u:p@/db", "refuse host-missing"},
        {"postgresql://u:p@h:tcp:%2F%2F10.0.0.1:5432/db", "refuse service-link-port"},
        {"postgresql://h:tcp://10.0.0.1:5432/db", "refuse service-link-port"},
        {"postgresql://u:p@h:5432x/db", "refuse port-invalid"},
        {"postgresql://app:secret/db", "refuse port-invalid"},
        {"postgresql://2001:db8::1:5432/db", "refuse ipv6-brackets"},
        {"postgresql://u:p@h :5432/db", "refuse blank-in-host"},
        {"host=h:5432 dbname=db", "refuse port-in-host"},
        {"host=[::1] dbname=db", "refuse brackets-in-host"},
        {"host=https://h dbname=db", "refuse url-in-host"},
        {"hostaddr=h dbname=db", "refuse hostaddr-invalid"},
        // sockets
        {"postgresql://u:p@/db?host=/cloudsql/p:r:i", "refuse socket-not-mounted"},
        {"postgresql://u:p@/db?host=/no/where", "warn socket-folder-absent"},
        {"postgresql://u:p@/db?host=/cloudsql/p:r:i/.s.PGSQL.5432", "refuse socket-file-named"},
        {"postgresql://u:p@/db?host=/" + std::string(93, 'x'), "refuse socket-path-too-long"},
        {"postgresql://u:p@/db?host=/a/file", "refuse socket-folder-is-file"},
        {"postgresql://u:p@/db?host=/a/socket", "refuse socket-file-named"},
        {"postgresql://u:p@/db?host=/a/forbidden", "warn socket-not-permitted"},
        {"postgresql://u:p@/db?host=/a/odd", "warn socket-not-a-socket"},
        {"postgresql://u:p@/db?host=/a/empty", "note socket-not-there-yet"},
        {"postgresql://u:p@/var/run/postgresql/db", "refuse socket-in-path"},
        {"postgresql://u:p@/cloudsql/p:r:i/db", "refuse socket-in-path"},
        {"postgresql://u:p@/db?host=/cloudsql/main", "warn cloudsql-name"},
        // database
        {"postgresql://u:p@h:5432", "warn database-missing"},
        {"postgresql://u:p@h:5432/", "warn database-missing"},
        {"postgresql://u:p@h:5432/db&sslmode=require", "refuse query-without-question-mark"},
        {"host=h dbname=" + url, "refuse database-is-url"},
        {"postgresql://u:p@h:5432/db/public", "warn database-has-slash"},
        {"postgresql://u:p@h:5432/db#x", "warn database-odd"},
        {"postgresql://u:p@h:5432/db;", "refuse separator-at-end"},
        // providers
        {"postgresql://u:p@x.railway.internal:5432/db", "warn internal-name"},
        {"postgresql://u:p@dpg-abc-a:5432/db", "warn internal-name"},
        {"postgresql://u:p@host.docker.internal:5432/db", "warn internal-name"},
        {"postgresql://postgres:p@aws-0-eu.pooler.supabase.com:5432/db", "warn supabase-user"},
        {"postgresql://p.x:p@aws-0-eu.pooler.supabase.com:6543/db", "warn supabase-transaction-mode"},
        {"postgresql://p:p@db.abc.supabase.co:5432/db", "warn supabase-ipv6"},
        {"postgresql://p:p@ep-x-pooler.eu.aws.neon.tech:5432/db", "warn neon-pooler"},
        {"postgresql://p:p@ep-x-pooler.eu.aws.neon.tech:5432/db?options=-cx%3D1", "warn neon-pooler-options"},
        {"postgresql://p:p@s.postgres.database.azure.com:5432/db?sslmode=disable", "warn provider-tls"},
    };
}

fake_place workshop()
{
    auto place = fake_place{{"HOME", "/home/u"}};
    place.with("/a", file_kind::folder)
        .with("/a/file", file_kind::regular)
        .with("/a/socket", file_kind::socket)
        .with("/a/forbidden", file_kind::not_permitted)
        .with("/a/empty", file_kind::folder)
        .with("/a/odd", file_kind::folder)
        .with("/a/odd/.s.PGSQL.5432", file_kind::regular);
    return place;
}

} // namespace

TEST_CASE("every mistake gets its finding, with a message and a fix", "[url_mistakes]")
{
    auto const place = workshop();
    for (auto const& [text, expected] : mistakes()) {
        INFO(text);
        auto const diagnosis = diagnose(text, place);
        INFO(shown_text(diagnosis));
        CHECK(has(", " + codes(diagnosis) + ",", ", " + expected + ","));
        CHECK((diagnosis.verdict == schemagate::verdict::error) == has(codes(diagnosis), "refuse"));
        for (auto const& finding : diagnosis.findings) {
            CHECK(finding.message.ends_with('.'));
            CHECK_FALSE(finding.fix.empty());
            CHECK(has(finding.code, "-"));
        }
    }
}

TEST_CASE("a text that is refused for its form gets one answer, not a cascade", "[url_mistakes]")
{
    for (auto const& text : {"\"" + url + "\"", "jdbc:" + url, std::string{"postgresql://u:p@ss@h/db"},
                             std::string{"postgresql://${U}:${P}@${H}:${N}/${D}"}, url + "?schema=x"})
        CHECK(diagnose(text).findings.size() == 1);
}

TEST_CASE("the environment's part in a mistake is named", "[url_mistakes]")
{
    auto const with = [](std::string const& name, std::string const& value, std::string const& text) {
        return diagnose(text, fake_place{{name, value}});
    };
    CHECK(
        has(shown_text(with("PGPORT", "tcp://10.0.0.1:5432", "postgresql://u:p@h/db")), "service-link-port"));
    CHECK(has(shown_text(with("PGPORT", "none", "postgresql://u:p@h/db")), "Set PGPORT to a number"));
    CHECK(has(shown_text(with("PGSSLMODE", "on", url)), "the environment variable PGSSLMODE"));
    CHECK(codes(with("PGHOSTADDR", "10.0.0.9", url)) == "warn hostaddr-from-environment");
    CHECK(codes(with("PGHOST", "db:5432", "postgresql://u:p@/db")) == "refuse port-in-host");
    CHECK(codes(with("PGDATABASE", "d", "postgresql://u:p@h:5432")).empty());
}

TEST_CASE("a loopback host is only a warning, and only in a container", "[url_mistakes]")
{
    auto docker = fake_place{};
    docker.with("/.dockerenv", file_kind::regular);
    for (auto const* host : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]"}) {
        auto const text = "postgresql://u:p@" + std::string{host} + ":5432/db";
        CHECK(codes(diagnose(text, docker)) == "warn loopback-in-container");
        CHECK(codes(diagnose(text)).empty());
    }
    CHECK(codes(diagnose("postgresql://u:p@127.example.com:5432/db", docker)).empty());
}

TEST_CASE("the name of an unknown parameter is shown only if it cannot be a piece of a password",
          "[url_mistakes]")
{
    auto const said = [](std::string const& query) { return shown_text(diagnose(url + "?" + query)); };
    CHECK(has(said("whatever=1"), "libpq does not know: whatever."));
    CHECK_FALSE(has(said("password=x&tail=1"), "tail"));
    CHECK_FALSE(has(said("S3cret9=1"), "S3cret9"));
    CHECK_FALSE(has(said("x-token=hunter"), "hunter"));
    CHECK_FALSE(has(said("whatever=hunter"), "hunter"));
}
