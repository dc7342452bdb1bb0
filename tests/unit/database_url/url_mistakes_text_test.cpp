// Rows about the text itself: unescaped characters, quotes, newlines, schemes, templates.
#include "document_row.hpp"

namespace {

auto const url = std::string{"postgresql://u:Zq7wKx2y@h:5432/db"};
auto const nowhere = fake_place{};

} // namespace

std::vector<mistake> mistakes_of_text()
{
    return {
        {"#8", "postgresql://u:Zq7w@Kx2y@10.240.0.3:5432/db", nowhere, "refuse password-has-at",
         "look for a host", "%40"},
        {"#9", "postgresql://u:Zq7w/Kx2y@h:5432/db", nowhere, "refuse password-has-slash",
         "has a / before its last @", "%2F"},
        {"#10", "postgresql://u:Zq7wKx2y#x@h:5432/db", nowhere, "warn delimiter-unescaped",
         "an unescaped # or ?", "%23"},
        {"#11", "postgresql://u:Zq7wKx2y?x@h:5432/db", nowhere, "warn delimiter-unescaped",
         "most other programs do not", "%3F"},
        {"#12", "postgresql://u:Zq7wKx2y%zz@h:5432/db", nowhere, "refuse percent-unescaped",
         "A % at position 9 of the password", "%25"},
        {"#13", "postgresql://h:5432/db?password=Zq7wKx2y&x", nowhere, "refuse password-unescaped",
         "a password in its query that is not escaped", "& is %26, = is %3D"},
        {"#13", "postgresql://h:5432/db?password=Zq7wKx2y=x", nowhere, "refuse password-unescaped",
         "in its query", "%3D"},
        {"#14", "postgresql://u:Zq7wKx2y%2540@h:5432/db", nowhere, "warn encoded-twice",
         "looks percent-encoded twice", "encode the plain value once"},
        {"#14", "postgresql://admin%2540server:Zq7wKx2y@h:5432/db", nowhere, "warn encoded-twice", "%25",
         "%40"},
        {"#15", "\"" + url + "\"", nowhere, "refuse quotes-around", "docker --env-file, systemd",
         "Remove the quotes"},
        {"#15", "'" + url + "'", nowhere, "refuse quotes-around", "quotation mark", "Remove the quotes"},
        {"#15", "`" + url + "`", nowhere, "refuse quotes-around", "quotation mark", "Remove the quotes"},
        {"#15", "\xE2\x80\x9C" + url + "\xE2\x80\x9D", nowhere, "refuse quotes-around", "quotation mark",
         "Remove the quotes"},
        {"#15", url + "\"", nowhere, "refuse quotes-around", "which would belong to the database",
         "Remove the quotes"},
        {"#16", url + "\n", nowhere, "refuse newline-at-end", "takes as a part of it",
         "printf '%s' instead of echo"},
        {"#16", url + "?connect_timeout=5\n", nowhere, "warn newline-at-end", "connect_timeout", "printf"},
        {"#17", url + "\r", nowhere, "refuse carriage-return-at-end", "saved with Windows line ends",
         "Unix line ends (LF)"},
        {"#17", url + "\r\n", nowhere, "refuse carriage-return-at-end", "carriage return", "LF"},
        {"#18", "\xEF\xBB\xBF" + url, nowhere, "refuse invisible-character", "U+FEFF, a byte order mark",
         "without a BOM"},
        {"#18", "postgresql://u:Zq7wKx2y@\xC2\xA0h:5432/db", nowhere, "refuse invisible-character",
         "in its host", "Type the host anew"},
        {"#18", "postgresql://u:Zq7wKx2y@h:5432/db\xE2\x80\x8B", nowhere, "refuse invisible-character",
         "in its database", "percent-encode it"},
        {"#19", "postgresql://u:Zq7wKx2y@h :5432/db", nowhere, "refuse blank-in-host",
         "white space in a host", "Remove it"},
        // Less than the document's E: libpq 15 takes it, and such a database may be there.
        {"#19", "postgresql://u:Zq7wKx2y@h:5432/d b", nowhere, "warn blank-unescaped",
         "a space in its database: libpq 15 takes it as it is, libpq 18 refuses it", "%20"},
        {"#20", url + "?options=-c search_path%3Dx", nowhere, "warn blank-unescaped",
         "a space in its options", "%20"},
        {"#21", "jdbc:postgresql://h:5432/db?user=u&password=Zq7wKx2y", nowhere, "refuse scheme-jdbc",
         "a JDBC URL", "put user and password before the host"},
        {"#22", "postgresql+asyncpg://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-sqlalchemy",
         "only SQLAlchemy understands", "Write postgresql://u:***@h:5432/db"},
        {"#22", "postgres+psycopg2://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-sqlalchemy",
         "a Python driver", "Write postgresql://u:***@h:5432/db"},
        {"#23", "postgres://u:Zq7wKx2y@h:5432/db", nowhere, "", "", ""}, // both are right
        {"#23", url, nowhere, "", "", ""},
        {"#24", "postgre://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt",
         "begins with \"postgre://\"", "Write postgresql://u:***@h:5432/db"},
        {"#24", "postgressql://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "\"postgressql://\"",
         "Write postgresql://"},
        {"#24", "Postgres://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "in lower case",
         "Write postgresql://"},
        {"#24", "pgsql://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "\"pgsql://\"",
         "Write postgresql://"},
        {"#25", "mysql://u:Zq7wKx2y@h:3306/db", nowhere, "refuse scheme-other-database", "is a MySQL URL",
         "postgresql://USER:PASSWORD@HOST:5432/DATABASE"},
        {"#25", "sqlserver://h:1433;password=Zq7wKx2y", nowhere, "refuse scheme-other-database",
         "is a SQL Server URL", "postgresql://"},
        {"#26", "u:Zq7wKx2y@h/db", nowhere, "refuse scheme-missing", "has no scheme",
         "Put postgresql:// in front"},
        {"#26", "postgresql:/u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-slash-missing",
         "begins with \"postgresql:/\", with one slash",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE"},
        // The user may be called postgres, and the password begin with a slash.
        {"#26", "postgres:/Zq7wKx2y@h/db", nowhere, "refuse scheme-slash-missing", "asks for two",
         "Write postgres://USER:PASSWORD@HOST:5432/DATABASE"},
        {"#26", "Postgres:/Zq7wKx2y", nowhere, "refuse scheme-slash-missing", "with one slash",
         "Write postgres://USER:PASSWORD@HOST:5432/DATABASE"},
        {"#27", "/run/secrets/dbURL", nowhere, "refuse secret-not-resolved",
         "says where the secret is, not what it is", "DATABASE_URL_FILE=/run/secrets/dbURL"},
        {"#27", "projects/p/secrets/db/versions/1", nowhere, "refuse secret-not-resolved",
         "the name of a secret in a store", "--set-secrets=DATABASE_URL=NAME:latest"},
        {"#27", "arn:aws:secretsmanager:eu:1:secret:x", nowhere, "refuse secret-not-resolved", "in a store",
         "Let the platform"},
        {"#27", "sm://p/db", nowhere, "refuse secret-not-resolved", "in a store", "Let the platform"},
        {"#28", "postgresql://u:Zq7wKx2y@${DB_HOST}:5432/db", nowhere, "refuse variable-not-replaced",
         "a variable that nothing replaced, as its host", "Docker's --env-file and systemd do not expand"},
        {"#28", "postgresql://u:Zq7wKx2y@$(DB_HOST):5432/db", nowhere, "refuse variable-not-replaced",
         "as its host", "define a variable before the one that uses it"},
        {"#28", "postgresql://u:{{ secrets.pass }}@h:5432/db", nowhere, "refuse variable-not-replaced",
         "as its password", "Set the value itself"},
        {"#28", "postgresql://$DB_USER:Zq7wKx2y@h:5432/db", nowhere, "refuse variable-not-replaced",
         "as its user", "Set the value itself"},
        {"#28", "%DATABASE_URL%", nowhere, "refuse variable-not-replaced", "that nothing replaced",
         "Set the value itself"},
        {"#30", "postgresql://u:[YOUR-PASSWORD]@h:5432/db", nowhere, "refuse password-placeholder",
         "such as [YOUR-PASSWORD]", "without brackets"},
        {"#30", "postgresql://u:<password>@h:5432/db", nowhere, "refuse password-placeholder",
         "a placeholder as its password", "percent-encoded"},
        {"#30", "postgresql://<user>:Zq7wKx2y@h:5432/db", nowhere, "refuse placeholder-left",
         "a placeholder as its user", "Put the real value there"},
        {"#30", "postgresql://USER:PASSWORD@HOST:5432/DATABASE", nowhere, "refuse placeholder-left",
         "a placeholder as its host", "Put the real value there"},
        {"#30", "postgresql://u:Zq7wKx2y@PRIVATE_IP:5432/db", nowhere, "refuse placeholder-left",
         "a placeholder as its host", "Put the real value there"},
        // Less than the document's E: a machine may be called so, names of hosts do not know capital letters.
        {"#30", "postgresql://u:Zq7wKx2y@SERVER:5432/db", nowhere, "warn placeholder-left",
         "has the host SERVER", "in small letters"},
        {"#30", "postgresql://u:changeme@h:5432/db", nowhere, "warn password-placeholder",
         "a word that documentation puts in its place", "Put the password itself there"},
    };
}

TEST_CASE("rows about the text itself give their finding", "[url_mistakes]")
{
    check_rows(mistakes_of_text());
}

TEST_CASE("a password that only looks like a template is not refused", "[url_mistakes]")
{
    for (auto const* password : {"<Zq7wKx>", "[Zq7wKx]", "${Zq!7w}", "{{Zq$7}}", "YOUR_Zq7w", "$(Zq;7w)"}) {
        INFO(password);
        CHECK_FALSE(has(codes(diagnose("postgresql://u:" + std::string{password} + "@h:5432/db")), "refuse"));
    }
}

TEST_CASE("a zero-width joiner is right in a Persian name, and wrong in a host", "[url_mistakes]")
{
    auto const name = std::string{"\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE"};
    CHECK(codes(diagnose("postgresql://u:p@h:5432/" + name)).empty());
    CHECK(codes(diagnose("postgresql://u:p@h" + name + ":5432/db")) == "refuse invisible-character");
}
