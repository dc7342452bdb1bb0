// Rows about the text itself: unescaped characters, quotes, newlines, schemes, templates.
#include "url_mistake.hpp"

namespace {

auto const url = std::string{"postgresql://u:Zq7wKx2y@h:5432/db"};
auto const nowhere = fake_place{};

} // namespace

static std::vector<mistake> mistakes_of_text()
{
    return {
        {"postgresql://u:Zq7w@Kx2y@10.240.0.3:5432/db", nowhere, "refuse password-has-at", "look for a host",
         "%40"},
        {"postgresql://u:Zq7w/Kx2y@h:5432/db", nowhere, "refuse password-has-slash",
         "has a / before its last @", "%2F"},
        {"postgresql://u:Zq7wKx2y#x@h:5432/db", nowhere, "warn delimiter-unescaped", "an unescaped # or ?",
         "%23"},
        {"postgresql://u:Zq7wKx2y?x@h:5432/db", nowhere, "warn delimiter-unescaped",
         "most other programs do not", "%3F"},
        {"postgresql://u:Zq7wKx2y%zz@h:5432/db", nowhere, "refuse percent-unescaped",
         "A % at position 9 of the password", "%25"},
        {"postgresql://h:5432/db?password=Zq7wKx2y&x", nowhere, "refuse password-unescaped",
         "a password in its query that is not escaped", "& is %26, = is %3D"},
        {"postgresql://h:5432/db?password=Zq7wKx2y=x", nowhere, "refuse password-unescaped", "in its query",
         "%3D"},
        {"postgresql://u:Zq7wKx2y%2540@h:5432/db", nowhere, "warn encoded-twice",
         "looks percent-encoded twice", "encode the plain value once"},
        {"postgresql://admin%2540server:Zq7wKx2y@h:5432/db", nowhere, "warn encoded-twice", "%25", "%40"},
        {"\"" + url + "\"", nowhere, "refuse quotes-around", "docker --env-file, systemd",
         "Remove the quotes"},
        {"'" + url + "'", nowhere, "refuse quotes-around", "quotation mark", "Remove the quotes"},
        {"`" + url + "`", nowhere, "refuse quotes-around", "quotation mark", "Remove the quotes"},
        {"\xE2\x80\x9C" + url + "\xE2\x80\x9D", nowhere, "refuse quotes-around", "quotation mark",
         "Remove the quotes"},
        {url + "\"", nowhere, "refuse quotes-around", "which would belong to the database",
         "Remove the quotes"},
        {url + "\n", nowhere, "refuse newline-at-end", "takes as a part of it",
         "printf '%s' instead of echo"},
        {url + "?connect_timeout=5\n", nowhere, "warn newline-at-end", "connect_timeout", "printf"},
        {url + "\r", nowhere, "refuse carriage-return-at-end", "saved with Windows line ends",
         "Unix line ends (LF)"},
        {url + "\r\n", nowhere, "refuse carriage-return-at-end", "carriage return", "LF"},
        {"\xEF\xBB\xBF" + url, nowhere, "refuse invisible-character", "U+FEFF, a byte order mark",
         "without a BOM"},
        {"postgresql://u:Zq7wKx2y@\xC2\xA0h:5432/db", nowhere, "refuse invisible-character", "in its host",
         "Type the host anew"},
        {"postgresql://u:Zq7wKx2y@h:5432/db\xE2\x80\x8B", nowhere, "refuse invisible-character",
         "in its database", "percent-encode it"},
        {"postgresql://u:Zq7wKx2y@h :5432/db", nowhere, "refuse blank-in-host", "white space in a host",
         "Remove it"},
        // A warning, not an error: libpq 15 takes it, and such a database may be there.
        {"postgresql://u:Zq7wKx2y@h:5432/d b", nowhere, "warn blank-unescaped",
         "a space in its database: libpq 15 takes it as it is, libpq 18 refuses it", "%20"},
        {url + "?options=-c search_path%3Dx", nowhere, "warn blank-unescaped", "a space in its options",
         "%20"},
        {"jdbc:postgresql://h:5432/db?user=u&password=Zq7wKx2y", nowhere, "refuse scheme-jdbc", "a JDBC URL",
         "put user and password before the host"},
        {"postgresql+asyncpg://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-sqlalchemy",
         "only SQLAlchemy understands", "Write postgresql://u:***@h:5432/db"},
        {"postgres+psycopg2://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-sqlalchemy", "a Python driver",
         "Write postgresql://u:***@h:5432/db"},
        {"postgres://u:Zq7wKx2y@h:5432/db", nowhere, "", "", ""}, // both are right
        {url, nowhere, "", "", ""},
        {"postgre://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "begins with \"postgre://\"",
         "Write postgresql://u:***@h:5432/db"},
        {"postgressql://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "\"postgressql://\"",
         "Write postgresql://"},
        {"Postgres://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "in lower case",
         "Write postgresql://"},
        {"pgsql://u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-misspelt", "\"pgsql://\"",
         "Write postgresql://"},
        {"mysql://u:Zq7wKx2y@h:3306/db", nowhere, "refuse scheme-other-database", "is a MySQL URL",
         "postgresql://USER:PASSWORD@HOST:5432/DATABASE"},
        {"sqlserver://h:1433;password=Zq7wKx2y", nowhere, "refuse scheme-other-database",
         "is a SQL Server URL", "postgresql://"},
        {"u:Zq7wKx2y@h/db", nowhere, "refuse scheme-missing", "has no scheme", "Put postgresql:// in front"},
        {"postgresql:/u:Zq7wKx2y@h:5432/db", nowhere, "refuse scheme-slash-missing",
         "begins with \"postgresql:/\", with one slash",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE"},
        // The user may be called postgres, and the password begin with a slash.
        {"postgres:/Zq7wKx2y@h/db", nowhere, "refuse scheme-slash-missing", "asks for two",
         "Write postgres://USER:PASSWORD@HOST:5432/DATABASE"},
        {"Postgres:/Zq7wKx2y", nowhere, "refuse scheme-slash-missing", "with one slash",
         "Write postgres://USER:PASSWORD@HOST:5432/DATABASE"},
        {"/run/secrets/dbURL", nowhere, "refuse secret-not-resolved",
         "says where the secret is, not what it is", "DATABASE_URL_FILE=/run/secrets/dbURL"},
        {"projects/p/secrets/db/versions/1", nowhere, "refuse secret-not-resolved",
         "the name of a secret in a store", "--set-secrets=DATABASE_URL=NAME:latest"},
        {"arn:aws:secretsmanager:eu:1:secret:x", nowhere, "refuse secret-not-resolved", "in a store",
         "Let the platform"},
        {"sm://p/db", nowhere, "refuse secret-not-resolved", "in a store", "Let the platform"},
        {"postgresql://u:Zq7wKx2y@${DB_HOST}:5432/db", nowhere, "refuse variable-not-replaced",
         "a variable that nothing replaced, as its host", "Docker's --env-file and systemd do not expand"},
        {"postgresql://u:Zq7wKx2y@$(DB_HOST):5432/db", nowhere, "refuse variable-not-replaced", "as its host",
         "define a variable before the one that uses it"},
        {"postgresql://u:{{ secrets.pass }}@h:5432/db", nowhere, "refuse variable-not-replaced",
         "as its password", "Set the value itself"},
        {"postgresql://$DB_USER:Zq7wKx2y@h:5432/db", nowhere, "refuse variable-not-replaced", "as its user",
         "Set the value itself"},
        {"%DATABASE_URL%", nowhere, "refuse variable-not-replaced", "that nothing replaced",
         "Set the value itself"},
        {"postgresql://u:[YOUR-PASSWORD]@h:5432/db", nowhere, "refuse password-placeholder",
         "such as [YOUR-PASSWORD]", "without brackets"},
        {"postgresql://u:<password>@h:5432/db", nowhere, "refuse password-placeholder",
         "a placeholder as its password", "percent-encoded"},
        {"postgresql://<user>:Zq7wKx2y@h:5432/db", nowhere, "refuse placeholder-left",
         "a placeholder as its user", "Put the real value there"},
        {"postgresql://USER:PASSWORD@HOST:5432/DATABASE", nowhere, "refuse placeholder-left",
         "a placeholder as its host", "Put the real value there"},
        {"postgresql://u:Zq7wKx2y@PRIVATE_IP:5432/db", nowhere, "refuse placeholder-left",
         "a placeholder as its host", "Put the real value there"},
        // A warning, not an error: a machine may be called so, names of hosts do not know capital letters.
        {"postgresql://u:Zq7wKx2y@SERVER:5432/db", nowhere, "warn placeholder-left", "has the host SERVER",
         "in small letters"},
        {"postgresql://u:changeme@h:5432/db", nowhere, "warn password-placeholder",
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
