#include "catch.hpp"
#include "diagnosis.hpp"
#include "percent_encoded.hpp"

using schemagate::redact;
using schemagate::scrub;

TEST_CASE("a plain URL is shown whole but for its password", "[redact]")
{
    struct shown
    {
        std::string text;
        std::string expected;
    };
    for (auto const& [text, expected] : std::vector<shown>{
             {"", ""},
             {"postgresql://u:p@h:5432/db", "postgresql://u:***@h:5432/db"},
             {"postgres://u@h/db?sslmode=require", "postgres://u@h/db?sslmode=require"},
             {"postgresql://u:p@/db?host=/cloudsql/a:b:c", "postgresql://u:***@/db?host=/cloudsql/a:b:c"},
             {"postgresql://u:p@%2Frun%2Fpg/db", "postgresql://u:***@%2Frun%2Fpg/db"},
             {"postgresql://u:p@[::1]:1,h/db", "postgresql://u:***@[::1]:1,h/db"},
             {"postgresql://h/db?user=u&password=p&port=1", "postgresql://h/db?user=u&password=***&port=1"},
             {"postgresql://h/db?pass%77ord=p", "postgresql://h/db?pass%77ord=***"},
             {"postgresql://h/db?sslkey=/k&passfile=/p", "postgresql://h/db?sslkey=***&passfile=***"},
             {"postgresql://h/db?api_token=x&foo=bar", "postgresql://h/db?***&***"},
             {"host=h user=u password='a b' dbname=d", "user=u password=*** dbname=d host=h"},
             // doubtful ones: nothing of them
             {"postgresql://u:p@q/r@h:5432/db", "postgresql://***"},
             {"postgresql://u:p/q@h:5432/db", "postgresql://***"},
             {"postgresql://h/db?password=a@b", "postgresql://***"},
             {"postgresql://u:S3cret/db", "postgresql://***"},
             {"postgresql://u:p@h:x/db", "postgresql://***"},
             {"postgresql://u@h/dbname=x&password=y", "postgresql://***"},
             {"host=h dbname=apppassword=y", "***"},
             // no password at all: which part has caught it?
             {"postgresql://appS3cret@h:5432/db", "postgresql://***@h:5432/db"},
             {"postgresql://appS3crethost:5432/db", "postgresql://***:5432/db"},
             {"postgresql:///appS3cret", "postgresql:///***"},
             {"hunter2", "***"},
             {"a b://c@d", "***"},
             {"http://u:p@h/x", "http://u:***@h/x"},
         }) {
        INFO(text);
        CHECK(redact(text) == expected);
    }
}

TEST_CASE("control bytes, invisible characters and broken UTF-8 are shown as escapes", "[redact]")
{
    CHECK(redact("postgresql://u:p@h/d\x1b-31m\n") == "postgresql://u:***@h/d\\x1b-31m\\x0a");
    CHECK(redact("postgresql://u:p@h/\xE2\x80\xAE"
                 "d") == "postgresql://u:***@h/\\xe2\\x80\\xaed");
    CHECK(redact("postgresql://u:p@h/\xC3\xBC\xFF") == "postgresql://u:***@h/\xC3\xBC\\xff");
    CHECK(redact("postgresql://u:p@h/\xC2\x9B"
                 "0m") == "postgresql://u:***@h/\\xc2\\x9b0m");
}

TEST_CASE("scrub masks the password however it is escaped", "[scrub]")
{
    auto const password = std::string{"p@ss w'rd\\%"};
    auto const settings =
        *diagnose("postgresql://u:" + encoded(password) + "@h:5432/db?sslpassword=key%20word").effective;
    for (auto const& form : {password, encoded(password), std::string{"p%40ss%20w%27rd%5c%25"},
                             std::string{"p@ss w\\'rd\\\\%"}, std::string{"p%40ss w'rd\\%25"}}) {
        INFO(form);
        CHECK(scrub("could not use \"" + form + "\" here", settings) == "could not use \"***\" here");
    }
    CHECK(scrub("key word", settings) == "***");
    CHECK(scrub("nothing\nto hide", settings) == "nothing\\x0ato hide");
    CHECK(scrub("", settings).empty());
    CHECK(scrub(password + password, settings) == "******");
}

TEST_CASE("scrub masks a very short password only where it stands alone", "[scrub]")
{
    auto const settings = *diagnose("postgresql://u:p@h:5432/db").effective;
    CHECK(scrub("port 5432: password \"p\" refused", settings) == "port 5432: password \"***\" refused");
    CHECK(scrub("text", *diagnose("postgresql://u@h:5432/db").effective) == "text");
}

TEST_CASE("where() masks what cannot be a host or a port", "[redact]")
{
    auto settings = schemagate::connection_settings{};
    settings.endpoints = {{"a@b", "S3cret", schemagate::transport::tcp},
                          {"::1", "1", schemagate::transport::tcp}};
    CHECK(settings.where() == "***:***, [::1]:1");
}
