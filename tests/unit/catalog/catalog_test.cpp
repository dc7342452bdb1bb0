#include "schemagate/catalog.hpp"

#include <array>

#include "catch.hpp"
#include "schemagate/failure.hpp"

using namespace schemagate;

namespace {

template <std::size_t N>
catalog make(std::array<script, N> const& scripts)
{
    return catalog{"test", scripts};
}

failure refusal(script const& one)
{
    try {
        static_cast<void>(make(std::array{one}));
    }
    catch (failure const& f) {
        return f;
    }
    FAIL("accepted");
    throw 0;
}

} // namespace

TEST_CASE("a catalog is ordered by version, whatever the order of the scripts", "[catalog]")
{
    auto const c =
        make(std::array{script{"10_c.sql", "c"}, script{"0002_b.sql", "b"}, script{"1_a.sql", "a"}});
    REQUIRE(c.migrations().size() == 3);
    CHECK(c.migrations()[0].name == "1_a");
    CHECK(c.migrations()[1].name == "0002_b");
    CHECK(c.migrations()[2].name == "10_c");
    CHECK(c.newest() == &c.migrations()[2]);
    CHECK(c.find(version{"02"}) == &c.migrations()[1]);
    CHECK(c.find(version{"3"}) == nullptr);
    CHECK(c.find(version{"11"}) == nullptr);
}

TEST_CASE("an empty catalog has no newest migration and the digest of nothing", "[catalog]")
{
    auto const c = make(std::array<script, 0>{});
    CHECK(c.newest() == nullptr);
    CHECK(c.find(version{"1"}) == nullptr);
    CHECK(c.digest() == sha256_hex(""));
}

TEST_CASE("a migration keeps what its name, comment and bytes say", "[catalog]")
{
    auto const text = std::string_view{"-- schemagate: breaks-older-than=6\nselect 1;\n"};
    auto const c = make(std::array{script{"0007_add_index.sql", text, "abc", "select 2;", true}});
    auto const& m = c.migrations().front();
    CHECK(m.version->text() == "0007");
    CHECK(m.description == "add_index");
    CHECK(m.text.data() == text.data());
    CHECK(m.checksum == "abc");
    CHECK(m.check == "select 2;");
    CHECK(m.directives.breaks_older_than == version{"6"});
}

TEST_CASE("a catalog keeps the storage of its scripts alive", "[catalog]")
{
    auto storage = std::make_shared<std::string>("select 1;");
    auto const watch = std::weak_ptr<std::string>{storage};
    {
        auto const scripts = std::array{script{"1_a.sql", *storage}};
        auto const c = catalog{"test", scripts, std::move(storage)};
        auto const copy = c; // NOLINT(performance-unnecessary-copy-initialization): a copy is what is tested
        CHECK(copy.migrations().front().text == "select 1;");
        CHECK_FALSE(watch.expired());
    }
    CHECK(watch.expired());
}

TEST_CASE("two files of one version are refused, naming both", "[catalog]")
{
    try {
        static_cast<void>(make(std::array{script{"0007_a.sql", ""}, script{"7_b.sql", ""}}));
        FAIL("accepted");
    }
    catch (failure const& f) {
        CHECK(f.code() == errc::script_refused);
        CHECK(f.message().find("0007_a") != std::string::npos);
        CHECK(f.message().find("7_b") != std::string::npos);
    }
}

TEST_CASE("names that are no migration are refused", "[catalog]")
{
    auto const file = GENERATE(values<std::string_view>({"a.sql", "0001_a.down.sql", "0001_a", ""}));
    CAPTURE(file);
    CHECK(refusal({file, "select 1;"}).code() == errc::script_refused);
}

TEST_CASE("directives that the engine or a later one acts on are accepted", "[catalog]")
{
    CHECK_NOTHROW(make(std::array{script{"1_a.sql", "-- schemagate: adopts public.t v=1\n"
                                                    "-- schemagate: allow-out-of-order\n"
                                                    "-- schemagate: lock-timeout=1s\n"}}));
}

TEST_CASE("only-if-adopted names an earlier script that can be adopted", "[catalog]")
{
    auto const adoptable = script{"1_a.sql", "-- schemagate: adopts public.t v=1\n"};
    CHECK_NOTHROW(make(std::array{adoptable, script{"2_b.sql", "-- schemagate: only-if-adopted 01\n"}}));
    CHECK(refusal({"1_a.sql", "-- schemagate: only-if-adopted 1\nselect 1;"}).script() == "1_a");
    CHECK(refusal({"2_b.sql", "-- schemagate: only-if-adopted 1\nselect 1;"}).script() == "2_b");
}

TEST_CASE("a script cannot break the binary that ships it", "[catalog]")
{
    CHECK(refusal({"0007_a.sql", "-- schemagate: breaks-older-than=8\n"}).script() == "0007_a");
    CHECK_NOTHROW(make(std::array{script{"0007_a.sql", "-- schemagate: breaks-older-than=07\n"}}));
}

TEST_CASE("SHA-256 is that of FIPS 180-4", "[digest]")
{
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("the digest of a set depends on its members and not on order or leading zeros", "[digest]")
{
    auto const expected = sha256_hex("0 z\n2 b\n10 a\n");
    CHECK(set_digest({{version{"10"}, "a"}, {version{"0002"}, "b"}, {version{"000"}, "z"}}) == expected);
    CHECK(set_digest({{version{"0"}, "z"}, {version{"2"}, "b"}, {version{"0010"}, "a"}}) == expected);
    CHECK(set_digest({{version{"0"}, "z"}, {version{"2"}, "b"}}) != expected);
    CHECK(set_digest({{version{"0"}, "z"}, {version{"2"}, "a"}, {version{"10"}, "b"}}) != expected);
}

TEST_CASE("a catalog's digest is that of the history rows it leaves", "[digest]")
{
    auto const c = make(std::array{script{"1_a.sql", "a"}, script{"2_b.sql", "b"}});
    CHECK(c.digest() == set_digest({{version{"2"}, sha256_hex("b")}, {version{"1"}, sha256_hex("a")}}));
}
