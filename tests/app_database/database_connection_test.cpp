// One statement after the other on one connection of the service.
#include "database_fixture.hpp"

using namespace database_tests;

namespace {

struct connected : fixture
{
    connected() : fixture{{.connections = 1}} {}

    template <typename F>
    void with(F&& f)
    {
        pool.read(std::forward<F>(f));
    }
};

std::string prepared_statements(database_connection& c)
{
    return app::text_in(c.ask("select count(*)::text from pg_prepared_statements")[0].at(0));
}

} // namespace

TEST_CASE("values travel as text, and NULL is not an empty text", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        auto const found = c.ask("select $1::text, $2::int + 1, $3::jsonb ->> 'a', $4::text, $5::boolean",
                                 {"it's \"quoted\" \\ é", "41", R"({"a": "b"})", std::nullopt, "true"});
        REQUIRE(found.size() == 1);
        CHECK(found[0].at(0) == "it's \"quoted\" \\ é");
        CHECK(app::integer_in(found[0].at(1)) == 42);
        CHECK(found[0].at(2) == "b");
        CHECK(found[0].at(3) == std::nullopt);
        CHECK(app::truth_in(found[0].at(4)));
        CHECK(c.ask("select ''")[0].at(0) == "");
        CHECK(c.ask("select 1 where false").empty());
    });
}

TEST_CASE("a statement says how many rows it has changed", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        CHECK(c.ask("create table numbers (n int)").affected() == 0);
        CHECK(c.ask("insert into numbers select generate_series(1, 5)").affected() == 5);
        CHECK(c.ask("update numbers set n = n + 1 where n > $1", {"3"}).affected() == 2);
        CHECK(c.copy("copy numbers from stdin", "7\n8\n") == 2);
    });
}

TEST_CASE("a statement is prepared once, and the ones that were used last are kept", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        for (int i = 0; i < 5; ++i) {
            CHECK(c.ask("select $1::int", {std::to_string(i)})[0].at(0) == std::to_string(i));
        }
        CHECK(prepared_statements(c) == "2"); // that one, and the one that counts
        for (int i = 0; i < 300; ++i) {
            c.ask("select " + std::to_string(i));
        }
        // One more than are kept: what was forgotten last is dropped with the next one.
        CHECK(app::integer_in(c.ask("select count(*) from pg_prepared_statements")[0].at(0)) <= 101);
    });
}

TEST_CASE("a statement whose result has changed its type is prepared anew", "[connection]")
{
    connected t;
    t.database->run("create table thing (n int); insert into thing values (1); grant all on thing to public");
    t.with([&](database_connection& c) {
        CHECK(c.ask("select n from thing")[0].at(0) == "1");
        t.database->run("alter table thing alter n type text using n || ' pieces'");
        CHECK(c.ask("select n from thing")[0].at(0) == "1 pieces");
    });
    SECTION("within a transaction, which has failed with it, the next attempt works")
    {
        auto const ask = [&] {
            return t.pool.transaction(
                [](database_connection& c) { return c.ask("select n from thing")[0].at(0); });
        };
        t.database->run("alter table thing alter n type int using 7");
        CHECK(error_of(ask).reason() == kind::busy);
        CHECK(ask() == "7");
    }
}

TEST_CASE("a value with a NUL byte is refused, never cut short", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        auto const e = error_of([&] { c.ask("select $1::text", {std::string{"a\0b", 3}}); });
        CHECK(e.reason() == kind::refused);
        CHECK(e.sqlstate() == "22021");
        CHECK(c.ask("select 1")[0].at(0) == "1");
    });
}

TEST_CASE("a refused row names its constraint and shows no value", "[connection]")
{
    connected t;
    t.database->run("create table thing (n int constraint thing_n_key unique, "
                    "constraint thing_n_small check (n < 10)); grant all on thing to public");
    t.with([](database_connection& c) {
        c.ask("insert into thing values (1)");
        auto const twice = error_of([&] { c.ask("insert into thing values ($1)", {"1"}); });
        CHECK(twice.reason() == kind::refused);
        CHECK(twice.sqlstate() == "23505");
        CHECK(twice.constraint() == "thing_n_key");
        auto const large = error_of([&] { c.ask("insert into thing values ($1)", {"4711"}); });
        CHECK(large.sqlstate() == "23514");
        CHECK(large.constraint() == "thing_n_small");
        auto const word = error_of([&] { c.ask("insert into thing values ($1)", {"s3cret"}); });
        CHECK(word.sqlstate() == "22P02");
        for (auto const& e : {twice, large, word}) {
            INFO(e.what());
            CHECK(std::string{e.what()}.find("4711") == std::string::npos);
            CHECK(std::string{e.what()}.find("s3cret") == std::string::npos);
        }
    });
}

TEST_CASE("a statement of ours that is wrong is `failed`, and the connection works on", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        CHECK(error_of([&] { c.ask("select nonsense"); }).sqlstate() == "42703");
        CHECK(error_of([&] { c.ask("selekt"); }).reason() == kind::failed);
        CHECK(c.ask("select 1")[0].at(0) == "1");
    });
}

TEST_CASE("a large value goes there and comes back", "[connection]")
{
    connected t;
    std::string const large(20'000'000, 'x');
    t.with([&](database_connection& c) { CHECK(c.ask("select $1::text", {large})[0].at(0) == large); });
}

TEST_CASE("numbers are read back to the last bit", "[connection]")
{
    connected t;
    t.with([](database_connection& c) {
        for (double const number : {0.1, 1.0 / 3, 1e-300, 12345678901234.5}) {
            CHECK(app::number_in(c.ask("select $1::float8", {app::to_sql(number)})[0].at(0)) == number);
        }
        CHECK_THROWS_AS(app::integer_in(c.ask("select 'seven'")[0].at(0)), database_error);
        CHECK_THROWS_AS(app::text_in(c.ask("select null")[0].at(0)), database_error);
    });
}
