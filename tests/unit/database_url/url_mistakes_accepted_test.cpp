// What libpq 15 takes without a word though it is nearly always a mistake, and what other versions take.
#include "libpq_parser.hpp"
#include "url_mistake.hpp"

namespace {

auto const url = std::string{"postgresql://u:Zq7wKx2y@h:5432/db"};
auto const nowhere = fake_place{{"HOME", "/home/u"}};

} // namespace

static std::vector<mistake> mistakes_taken_silently()
{
    auto rows = std::vector<mistake>{
        {"", nowhere, "refuse url-empty", "is set, but empty", "postgresql://USER:PASSWORD@HOST"},
        {" \n", nowhere, "refuse url-empty", "only white space", "has no version yet"},
        {"", fake_place{{"PGHOST", "h"}, {"PGDATABASE", "db"}}, "refuse url-empty", "empty",
         "To take all of it from PGHOST, PGUSER and the like, write postgresql:// and nothing else."},
        {"postgresql://",
         fake_place{{"PGHOST", "h"}, {"PGPORT", "5432"}, {"PGDATABASE", "db"}, {"PGUSER", "u"}}, "", "", ""},
        {"postgresql://u:Zq7wKx2y@/db", nowhere, "refuse host-missing", "must have a host",
         "u:***@HOST:5432/db"},
        {"postgresql://app:Zq7wKx2y/ret@db:5432/x", nowhere, "refuse password-has-slash",
         "take a piece of the password for a host", "%2F"},
        {"postgresql://app:Zq7wKx2y@ret@db:5432/x", nowhere, "refuse password-has-at", "look for a host",
         "%40"},
        {"postgresql://app:Zq7wKx2y@@db:5432/x", nowhere, "refuse password-has-at", "more than one @", "%40"},
        {"postgresql://u:Zq7wKx2y@h:0/db", nowhere, "refuse port-invalid", "\"0\"", "HOST:5432"},
        {"postgresql://u:Zq7wKx2y@h:-1/db", nowhere, "refuse port-invalid", "its port is not a number",
         "HOST:5432"},
        {"postgresql://u:Zq7wKx2y@h:abc/db", nowhere, "refuse port-invalid", "its port is not a number",
         "HOST:5432"},
        {"postgresql://u:Zq7wKx2y@h:5432%2Fx/db", nowhere, "refuse port-invalid",
         "is not a number from 1 to 65535", "HOST:5432"},
        {"postgresql://u:Zq7wKx2y@h%3A5432/db", nowhere, "refuse port-in-host", "\"h:5432\"", "port=5432"},
        // libpq takes these when it connects, too.
        {"postgresql://u:Zq7wKx2y@h:05432/db", nowhere, "", "", ""},
        {"postgresql://u:Zq7wKx2y@h:+5432/db", nowhere, "", "", ""},
        {"postgresql://u:Zq7wKx2y@h: 5432/db", nowhere, "warn blank-unescaped", "a space in its port",
         "remove it"},
        // Two hosts, "h" with port 5 and the number 432: the first could answer.
        {"postgresql://u:Zq7wKx2y@h:5,432/db", nowhere, "warn number-as-host",
         "a host that is a number alone", "Write the port without a comma"},
        {url + "\n", nowhere, "refuse newline-at-end", "ends with a newline", "printf '%s'"},
        {url + "\r", nowhere, "refuse carriage-return-at-end", "carriage return", "LF"},
        {url + " ", nowhere, "refuse blank-at-end", "ends with white space", "without it"},
        {url + "\"", nowhere, "refuse quotes-around", "quotation mark", "Remove"},
        {url + ";", nowhere, "refuse separator-at-end", "would belong to it", "Remove it"},
        {url + "#frag", nowhere, "warn database-odd", "\"db#frag\"", "percent-encode it"},
        {url + "/schema", nowhere, "warn database-has-slash", "\"db/schema\"",
         "options=-c%20search_path%3DNAME"},
        {"postgresql://u:Zq7wKx2y@h:5432//db", nowhere, "warn database-has-slash", "\"/db\"", "%2F"},
        {url + "/", nowhere, "warn database-has-slash", "\"db/\"", "%2F"},
        {"postgresql://u:Zq7wKx2y@host/32:5432/db", nowhere, "warn database-has-slash",
         "asks for a database \"***\"", "%2F"},
        {url + "&sslmode=require", nowhere, "refuse query-without-question-mark",
         "no ? before them: libpq takes it all for the database", "Begin the parameters with a ?"},
        {"postgresql://u:Zq7wKx2y@h:5432", nowhere, "warn database-missing", "names no database",
         "/DATABASE"},
        {url + "?host=h2", nowhere, "warn host-given-twice", "host=h2 of the query", "Drop"},
        {url + "?application_name=a&application_name=b", nowhere, "warn parameter-given-twice",
         "sets application_name twice; libpq uses the last one", "Drop the other"},
        {url + "?sslmode=no-verify", nowhere, "refuse sslmode-invalid", "no-verify", "sslmode=require"},
        {url + "?sslmode=require ", nowhere, "refuse sslmode-invalid", "a value that libpq does not know",
         "verify-full"},
        {url + "?connect_timeout=10s", nowhere, "refuse connect-timeout-invalid", "not a number of seconds",
         "connect_timeout=10"},
        {"postgresql://u:${DB_PASS}@h:5432/db", nowhere, "refuse variable-not-replaced", "as its password",
         "Set the value itself"},
        {"postgresql://u:<password>@h:5432/db", nowhere, "refuse password-placeholder", "as its password",
         "Put the password"},
        {"postgresql://u:Zq7wKx2y@/db?host=/cloudsql/p:r:i/.s.PGSQL.5432", nowhere,
         "refuse socket-file-named", "names a socket's file", "host=/cloudsql/p:r:i"},
        {"host=h dbname=" + url, nowhere, "refuse database-is-url", "is itself a URL",
         "Set DATABASE_URL to that URL"},
        {"postgresql://u:Zq7wKx2y%2540@h:5432/db", nowhere, "warn encoded-twice", "percent-encoded twice",
         "once"},
        {url + "?options=-c+search_path%3Dx", nowhere, "warn options-with-plus",
         "a + in options: libpq takes it as it is", "options=-c%20search_path%3DNAME"},

        {url + "?require_auth=scram-sha-256", nowhere, "refuse parameter-unknown",
         "require_auth, which libpq 16 brought", "Drop it"},
        {url + "?sslnegotiation=direct", nowhere, "refuse parameter-unknown",
         "sslnegotiation, which libpq 17 brought", "Drop it"},
        {url + "?min_protocol_version=3.2", nowhere, "refuse parameter-unknown", "libpq 18 brought",
         "Drop it"},
        {url + "?sslmode=verify-full&sslrootcert=system", nowhere, "refuse root-certificate-missing",
         "the root certificate system is not there", "sslrootcert=system needs libpq 16"},
        {url + "?options=-c search_path%3Dx", nowhere, "warn blank-unescaped", "libpq 18 refuses it", "%20"},
    };
    // What the installed libpq knows is no mistake to it.
    std::erase_if(rows, [](mistake const& one) {
        auto const needs = [&](std::string const& words) { return has(one.message + one.fix, words); };
        auto const version = schemagate::url::libpq_version();
        return (version >= 160000 && (needs("libpq 16 brought") || needs("needs libpq 16"))) ||
               (version >= 170000 && needs("libpq 17 brought"));
    });
    return rows;
}

TEST_CASE("rows of what libpq takes silently give their finding", "[url_mistakes]")
{
    check_rows(mistakes_taken_silently());
}
