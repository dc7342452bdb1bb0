#include "schemagate/version.hpp"

#include "catch.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/script_name.hpp"

using namespace schemagate;

TEST_CASE("versions compare as numbers of any length", "[version]")
{
    CHECK(version{"0007"} == version{"7"});
    CHECK(version{"9"} < version{"10"});
    CHECK(version{"0010"} > version{"9"});
    CHECK(version{"99999999999999999999999"} < version{"100000000000000000000000"});
    CHECK(version{"20261122210300"} > version{"0042"});
    CHECK(version{"000"} == version{"0"});
    CHECK(version{"0"} < version{"1"});
}

TEST_CASE("a version is shown as it was written", "[version]")
{
    CHECK(version{"0007"}.text() == "0007");
}

TEST_CASE("what is not made of digits is no version", "[version]")
{
    auto const text =
        GENERATE(values<std::string_view>({"", " 7", "7 ", "-1", "+1", "1.0", "0x1", "a", "١", "1\n"}));
    CAPTURE(text);
    CHECK_THROWS_AS(version{text}, failure);
}

TEST_CASE("a file name says what a script is for", "[script_name]")
{
    auto const versioned = read_script_name("0007_add-index_2.v1.sql");
    REQUIRE(versioned);
    CHECK(versioned->role == script_role::versioned);
    CHECK(versioned->version->text() == "0007");
    CHECK(versioned->description == "add-index_2.v1");

    auto const down = read_script_name("20261122210300_x.down.sql");
    REQUIRE(down);
    CHECK(down->role == script_role::down);
    CHECK(down->description == "x");

    auto const repeatable = read_script_name("R_totals_view.sql");
    REQUIRE(repeatable);
    CHECK(repeatable->role == script_role::repeatable);
    CHECK_FALSE(repeatable->version);
    CHECK(repeatable->description == "totals_view");
}

TEST_CASE("a file name of another form is not guessed at", "[script_name]")
{
    auto const name =
        GENERATE(values<std::string_view>({"",           ".sql",           "0007.sql",       "0007_.sql",
                                           "_x.sql",     "x.sql",          "7x_y.sql",       "0007_a b.sql",
                                           "0007_é.sql", "0007_x.SQL",     "0007_x.sql.bak", "0007-x.sql",
                                           "R_.sql",     "R_x.down.sql",   "R_.down.sql",    "r_x.sql",
                                           "V1__x.sql",  "0007_.down.sql", "0007_a/b.sql",   " 0007_x.sql"}));
    CAPTURE(name);
    CHECK_FALSE(read_script_name(name));
}
