// Rows that operators met who knew the diagnosis from its pages alone: the mistake that passed, or the fix
// that did not work when it was typed.
#include "percent_encoded.hpp"
#include "schemagate/failure.hpp"
#include "url_mistake.hpp"

using schemagate::file_kind;

static std::vector<mistake> mistakes_of_strangers()
{
    auto attached = fake_place{{"K_SERVICE", "api"}};
    attached.with("/cloudsql", file_kind::folder);
    auto const socket = std::string{"postgresql://app:Zq7wKx2y@/shop?host=/cloudsql/p:r:i"};
    return {
        {socket + "\n", attached, "refuse newline-at-end", "The host in DATABASE_URL ends with a newline",
         "printf '%s'"},
        {socket + "\r\n", attached, "refuse carriage-return-at-end", "The host in DATABASE_URL", "Unix line"},
        {socket + " ", attached, "refuse blank-at-end", "The host in DATABASE_URL ends with white space",
         "printf '%s'"},
        {socket + ";", attached, "refuse separator-at-end", "The host in DATABASE_URL ends with \";\"",
         "Remove it"},
        {"host=/cloudsql/p:r:i;user=app;password=Zq7wKx2y;dbname=shop", attached, "refuse ado-style",
         "as .NET", "spaces between keyword=value"},
        {"postgresql://app:Zq7wKx2y@/shop?host=/cloudsql", attached, "warn cloudsql-name",
         "does not end with PROJECT:REGION:INSTANCE", "connectionName"},
        {"postgresql://app:Zq7wKx2y@localhost//cloudsql/p:r:i/shop", attached, "warn socket-in-path",
         "has a socket's folder", "postgresql://app:***@/shop?host=/cloudsql/p:r:i"},
        {"postgresql://app:Zq7wKx2y@//cloudsql/p:r:i:5432/shop", attached, "refuse socket-in-path",
         "has a socket's folder", "postgresql://app:***@/shop?host=/cloudsql/p:r:i"},
        {"postgresql://app:Zq7wKx2y@//cloudsql/p:r:i/.s.PGSQL.5432/shop", attached, "refuse socket-in-path",
         "has a socket's folder", "postgresql://app:***@/shop?host=/cloudsql/p:r:i"},
        {"/cloudsql/p:r:i", attached, "refuse not-a-connection-string", "is a Unix socket's folder alone",
         "postgresql://USER:PASSWORD@/DATABASE?host=/cloudsql/p:r:i"},
        {"shop-prod:us-central1:db", attached, "refuse not-a-connection-string",
         "is a Cloud SQL instance's name alone",
         "postgresql://USER:PASSWORD@/DATABASE?host=/cloudsql/PROJECT:REGION:INSTANCE"},
        {"postgresql://app:Zq7wKx2y@/shop?host=/cloudsql/PROJECT:REGION:INSTANCE", attached,
         "refuse placeholder-left", "a placeholder as its host", "Put the real value there"},
        {"postgresql://app:Zq7wKx2y@db.corp:5432/DATABASE",
         {},
         "warn placeholder-left",
         "The database in",
         "Put the real name there"},
        {"postgresql://USER:Zq7wKx2y@db.corp:5432/shop",
         {},
         "warn placeholder-left",
         "The user in",
         "Put the real name there"},
        {"postgresql://app:PASSWORD@db.corp:5432/shop",
         {},
         "warn password-placeholder",
         "a word that documentation puts in its place",
         "Put the password itself there"},
        {"postgresql://user:password@host:5432/dbname", {}, "warn placeholder-left", "host", "real name"},
        {"user=app password=Zq7wKx2y dbname=shop unix_socket=/cloudsql/p:r:i", attached,
         "refuse parameter-unknown", "unix_socket", "host=/cloudsql/p:r:i"},
        {"psql 'postgresql://app:Zq7wKx2y@ep-x.neon.tech/db?sslmode=require'",
         {},
         "refuse name-inside-value",
         "a psql command",
         "Remove everything before postgresql://, and the quote at the end"},
        {"DATABASE_URL=\"postgresql://app:Zq7wKx2y@db.corp:5432/shop\"",
         {},
         "refuse name-inside-value",
         "holds a name before its value",
         "Remove everything before postgresql://, and the quote at the end"},
        {"postgresql://%01app:Zq7wKx2y@db.corp:5432/shop",
         {},
         "refuse control-character",
         "The user in",
         "Remove it"},
        {"host=db.corp user=app dbname=\x02shop port=5432 password=Zq7wKx2y",
         {},
         "refuse control-character",
         "The database in",
         "Remove it"},
        {"postgresql://app:Zq7wKx2y@db.corp:5432/shop?keepalives=",
         {},
         "refuse value-invalid",
         "keepalives",
         "keepalives=1"},
        {"postgresql://app:Zq7wKx2y@db.corp:5432/shop?keepalives_idle=0",
         {},
         "refuse value-invalid",
         "takes 1 to 32767",
         "keepalives_idle=60"},
        {"postgresql://app:Zq7wKx2y@db.corp:5432/shop?keepalives_count=200",
         {},
         "refuse value-invalid",
         "takes 1 to 127",
         "keepalives_count=3"},
        {"host=None hostaddr=10.0.0.3 port=5432 user=app password=Zq7wKx2y dbname=shop",
         {},
         "warn hostaddr-beside-host",
         "hostaddr",
         "hostaddr"},
    };
}

TEST_CASE("what operators met who knew the pages alone is named, and its fix can be typed", "[database_url]")
{
    check_rows(mistakes_of_strangers());
}

TEST_CASE("a secret in the place of a parameter, a file or an address is not shown", "[database_url][secret]")
{
    for (auto const* const canary : {"S3cretHorse", "Zq7wKx2yVjT9mLp4", "48203917", "aB3$xY7!kL"}) {
        auto const secret = std::string{canary};
        for (auto const* const keyword :
             {"sslmode", "target_session_attrs", "connect_timeout", "keepalives", "keepalives_idle",
              "tcp_user_timeout", "replication", "channel_binding", "gssencmode", "ssl_min_protocol_version",
              "sslcompression", "sslsni", "user", "dbname"}) {
            auto const name = std::string{keyword};
            if (secret == "48203917" && (name == "user" || name == "dbname"))
                continue; // nothing tells it from a name
            INFO(name << '=' << secret);
            CHECK_FALSE(
                has(shown_text(diagnose("postgresql://app@h.corp/shop?" + name + "=" + encoded(secret))),
                    secret));
            CHECK_FALSE(has(shown_text(diagnose("host=h.corp " + name + "='" + secret + "'")), secret));
        }
        auto const place = fake_place{{"DATABASE_URL_FILE", secret}};
        try {
            (void)schemagate::read_database_url(place);
            FAIL("the file is not there");
        }
        catch (schemagate::failure const& f) {
            CHECK_FALSE(has(f.message() + f.fix(), secret));
        }
    }
    CHECK_FALSE(has(shown_text(diagnose("postgresql://48203917")), "48203917"));
    CHECK_FALSE(has(shown_text(diagnose("postgresql://G7%21h2%24Lp9%5EwQ:approle@h.corp/shop")), "G7"));
}
