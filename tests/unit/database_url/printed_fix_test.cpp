// A fix that is pasted does what was meant: it never drops a verification, a part or a user without a word.
#include "catch.hpp"
#include "diagnosis.hpp"

namespace {

struct expected_fix
{
    std::string text;
    std::string code;
    std::string fix;
};

void check_fixes(std::vector<expected_fix> const& rows)
{
    for (auto const& one : rows) {
        INFO(one.text);
        auto const diagnosis = diagnose(one.text);
        INFO(shown_text(diagnosis));
        auto const found = find(diagnosis, one.code);
        REQUIRE(found);
        CHECK(has(found->fix, one.fix));
        CHECK_FALSE(has(shown_text(diagnosis), "S3cretQ9z"));
    }
}

auto const url = std::string{"postgresql://app:S3cretQ9z@db:5432/shop"};
auto const shown = std::string{"postgresql://app:***@db:5432/shop"};

} // namespace

TEST_CASE("another driver's word for TLS becomes the sslmode that asks for as much", "[printed_fix]")
{
    auto const driver = std::string{"postgresql+asyncpg://app:S3cretQ9z@db:5432/shop"};
    check_fixes({
        {driver + "?ssl=verify-full", "scheme-sqlalchemy", shown + "?sslmode=verify-full"},
        {driver + "?ssl=disable", "scheme-sqlalchemy", shown + "?sslmode=disable"},
        {driver + "?ssl=prefer", "scheme-sqlalchemy", shown + "?sslmode=prefer"},
        {driver + "?ssl=no-verify", "scheme-sqlalchemy", shown + "?sslmode=require"},
        {driver + "?sslmode=no-verify", "scheme-sqlalchemy", shown + "?sslmode=require"},
        {driver + "?ssl=true&sslmode=verify-full", "scheme-sqlalchemy", shown + "?sslmode=verify-full"},
        {driver + "?sslmode=verify-full&ssl=true", "scheme-sqlalchemy", shown + "?sslmode=verify-full"},
        {url + "?ssl=false", "ssl-parameter", "Write sslmode=disable instead: " + shown + "?sslmode=disable"},
        {url + "?ssl=verify-ca", "ssl-parameter", "Write sslmode=verify-ca instead"},
        {url + "?ssl=1", "ssl-parameter", "Write sslmode=require instead"},
        {url + "?sslaccept=strict", "parameter-unknown", shown + "?sslmode=verify-full"},
        {url + "?sslaccept=accept_invalid_certs", "parameter-unknown", shown + "?sslmode=require"},
        {"jdbc:postgresql://db:5432/shop?user=app&password=S3cretQ9z&ssl=false", "scheme-jdbc",
         "&sslmode=disable"},
        {url + "?SSLMODE=REQUIRE", "parameter-unknown", shown + "?sslmode=require"},
        {url + "?SSLMODE=require&Target_Session_Attrs=READ-WRITE", "parameter-unknown",
         shown + "?sslmode=require&target_session_attrs=read-write"},
    });
    // Of a word that is nobody's no URL is offered.
    CHECK_FALSE(has(find(diagnose(url + "?ssl=perhaps"), "ssl-parameter")->fix, "postgresql://"));
}

TEST_CASE("a fix keeps the database and the password under libpq's names", "[printed_fix]")
{
    check_fixes({
        {"host=h db=shop user=app pass=S3cretQ9z", "parameter-unknown",
         "host=h dbname=shop user=app password=***"},
        {"postgresql://db:5432/shop?user=app&passwd=S3cretQ9z&pool_size=1", "parameter-unknown",
         "postgresql://db:5432/shop?user=app&password=*** (without pool_size)"},
        {"postgresql://db:5432/shop?username=app&pwd=S3cretQ9z", "parameter-unknown",
         "postgresql://db:5432/shop?user=app&password=***"},
        {url + "?idle_in_transaction_session_timeout=5s&foo=1", "parameter-unknown",
         shown + "?options=-c%20idle_in_transaction_session_timeout%3D5s (without a parameter that no "
                 "driver has)"},
    });
    auto const found =
        find(diagnose(url + "?idle_in_transaction_session_timeout=5s&schema=x"), "parameter-unknown");
    CHECK(has(found->message, "idle_in_transaction_session_timeout"));
    // A secret under a name that nobody knows is not left out: there is no URL, then.
    CHECK_FALSE(has(
        find(diagnose("postgresql://db:5432/shop?user=app&dbpass=S3cretQ9z&pool_size=1"), "parameter-unknown")
            ->fix,
        "postgresql://"));
}

TEST_CASE("a fix does not turn another database into PostgreSQL, nor leave out the user", "[printed_fix]")
{
    for (auto const* const other :
         {"jdbc:mysql://db:3306/shop", "jdbc:mariadb://db/shop", "jdbc:oracle:thin:@db:1521:orcl",
          "jdbc:sqlserver://db;databaseName=shop", "r2dbc:mysql://db/shop"}) {
        INFO(other);
        CHECK(codes(diagnose(other)) == "refuse scheme-other-database");
    }
    check_fixes(
        {{"jdbc:postgresql://db:5432/shop", "scheme-jdbc", ": postgresql://USER:PASSWORD@db:5432/shop"},
         {"postgress://db:5432/shop", "scheme-misspelt", "postgresql://USER:PASSWORD@db:5432/shop"}});
}

TEST_CASE("a URL without a user is a warning, or a note where one may come from elsewhere", "[printed_fix]")
{
    CHECK(codes(diagnose("postgresql://db:5432/shop")) == "warn user-empty");
    CHECK(codes(diagnose("host=db port=5432 dbname=shop")) == "warn user-empty");
    CHECK(codes(diagnose("postgresql://db:5432/shop", fake_place{{"PGUSER", "app"}})).empty());
    CHECK(
        find(diagnose("postgresql://db:5432/shop", fake_place{{"PGUSER", "app"}}), "user-from-environment"));
    auto place = fake_place{};
    place.with_socket("/run/pg");
    CHECK(codes(diagnose("postgresql:///shop?host=/run/pg", place)) == "note user-empty");
    CHECK(codes(diagnose("postgresql:///?service=prod")) == "warn service-not-found");
}

TEST_CASE("quotes of every script go, the closing one too", "[printed_fix]")
{
    for (auto const& [open, close] :
         std::vector<std::pair<std::string, std::string>>{{"\xE2\x80\x9C", "\xE2\x80\x9D"},
                                                          {"\xE2\x80\x98", "\xE2\x80\x99"},
                                                          {"\xC2\xAB", "\xC2\xBB"},
                                                          {"\xE2\x80\x9E", "\xE2\x80\x9C"}})
        check_fixes({{open + url + close, "quotes-around", ": " + shown + "."},
                     {url + close, "quotes-around", "Remove the quotes"}});
}

TEST_CASE("a socket's file gives its port to the fix", "[printed_fix]")
{
    check_fixes({
        {"postgresql://app:S3cretQ9z@/shop?host=/tmp/x/.s.PGSQL.55911", "socket-file-named",
         "Write host=/tmp/x&port=55911."},
        {"postgresql://app:S3cretQ9z@/shop?host=/tmp/x/.s.PGSQL.5432", "socket-file-named",
         "Write host=/tmp/x."},
        {"host=/tmp/x/.s.PGSQL.55911 user=app dbname=shop", "socket-file-named",
         "Write host=/tmp/x port=55911."},
        {"postgresql://app:S3cretQ9z@/shop?unix_sock=/tmp/x/.s.PGSQL.55911", "parameter-unknown",
         "?host=/tmp/x&port=55911"},
    });
}

TEST_CASE("a damaged beginning of the scheme is named", "[printed_fix]")
{
    check_fixes({
        {"postgresql//app:S3cretQ9z@db:5432/shop", "scheme-slash-missing", "Write postgresql://USER"},
        {"postgres:app:S3cretQ9z@db:5432/shop", "scheme-slash-missing", "Write postgres://USER"},
        {"postgresql:\\/\\/app:S3cretQ9z@db:5432\\/shop", "scheme-slash-missing", "Write / for each \\/"},
        {"postgresql\xEF\xBC\x9A//app:S3cretQ9z@db:5432/shop", "scheme-slash-missing", "Type"},
        {"postgresql:/app:S3cretQ9z@db:5432/shop", "scheme-slash-missing", "Write postgresql://USER"},
    });
    CHECK(has(find(diagnose("postgresql//app:x@db/shop"), "scheme-slash-missing")->message,
              "without its colon"));
    CHECK(has(find(diagnose("postgresql:app:x@db/shop"), "scheme-slash-missing")->message,
              "without its two slashes"));
}
