// Passwords that are plain words, which no shape gives away: what may show them is masked by its place.
#include "catch.hpp"
#include "diagnosis.hpp"
#include "printed_words.hpp"

namespace {

auto const word = std::string{"swordfish"};

} // namespace

TEST_CASE("a password that a parameter repeats is shown in neither place", "[secrecy]")
{
    for (auto const& text : std::vector<std::string>{
             "postgresql://app:swordfish@db:5432/shop?application_name=swordfish",
             "postgresql://app:swordfish@db:5432/shop?application_name=my-swordfish-app",
             "postgresql://app:swordfish@db:5432/shop?application_name=%73wordfish",
             "postgresql://app:swordfish@db:5432/shop?schema=swordfish",
             "postgresql://app:swordfish@db:5432/shop?options=-c%20search_path%3Dswordfish",
             "postgresql://app:swordfish@db:5432/shop?sslmode=swordfish",
             "postgresql+asyncpg://app:swordfish@db:5432/shop?application_name=swordfish",
             "jdbc:postgresql://db:5432/shop?user=app&password=swordfish&currentSchema=swordfish",
             "host=db user=app password=swordfish dbname=shop application_name=swordfish",
             "host=db user=app password=swordfish dbname=shop schema=swordfish"}) {
        INFO(text);
        CHECK_FALSE(has(printed(text), word));
    }
    // What is no piece of it is shown.
    CHECK(has(printed("postgresql://app:swordfish@db:5432/shop?application_name=web"), "web"));
}

TEST_CASE("a password behind a blank or a comma is not shown as a piece of a name", "[secrecy]")
{
    for (auto const& text : std::vector<std::string>{
             "postgresql://app@db/shop swordfish", "postgresql://app:xyzxyz@db/shop swordfish",
             "postgresql://app:xyzxyz@db:5432/shop,swordfish", "postgresql://app@db/shop%20swordfish",
             "postgresql://app,swordfish@db:5432/shop", "host=db dbname=shop user=app,swordfish",
             "host=db dbname=shop,swordfish user=app", "postgresql+asyncpg://app:x@db/shop,swordfish",
             "host=db user=app,swordfish dbname=shop pool_size=1",
             "host=db user=app dbname='shop swordfish'"}) {
        INFO(text << "\n" << printed(text));
        CHECK_FALSE(has(printed(text), word));
    }
}

TEST_CASE("a file's name is shown only where it looks like one", "[secrecy]")
{
    for (auto const& text : std::vector<std::string>{
             "postgresql://app@db:5432/shop?passfile=swordfish", "host=db user=app passfile=swordfish",
             "host=db user=app passfile=swordfish pool_size=1",
             "postgresql://app@db:5432/shop?sslmode=verify-full&sslrootcert=swordfish",
             "postgresql://app@db:5432/shop?sslmode=require&sslcert=swordfish"}) {
        INFO(text);
        auto const diagnosis = diagnose(text);
        for (auto const& one : diagnosis.findings)
            CHECK_FALSE(has(one.message + one.fix, word));
    }
    CHECK(has(find(diagnose("host=db user=app passfile=/run/secrets/pgpass"), "passfile-absent")->message,
              "/run/secrets/pgpass"));
}

TEST_CASE("a mode of TLS that is none is masked", "[secrecy]")
{
    auto const diagnosis = diagnose("postgresql://app@db:5432/shop?sslmode=hunter");
    REQUIRE(diagnosis.effective);
    CHECK(diagnosis.effective->sslmode == "***");
}

TEST_CASE("a host without an address has none in a doubtful text either", "[secrecy]")
{
    auto const diagnosis = diagnose("postgresql://app:x@db:S3cretQ9z/shop");
    REQUIRE(diagnosis.effective);
    CHECK(diagnosis.effective->endpoints.at(0).hostaddr.empty());
}
