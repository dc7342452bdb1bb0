// Repeatable scripts and those outside a transaction, as the catalog reads them.
#include <array>

#include "catch.hpp"
#include "schemagate/catalog.hpp"
#include "schemagate/failure.hpp"

using namespace schemagate;

namespace {

template <std::size_t N>
catalog make(std::array<script, N> const& scripts)
{
    return catalog{"test", scripts};
}

failure refusal(script const& one, script const& other)
{
    try {
        static_cast<void>(make(std::array{one, other}));
    }
    catch (failure const& f) {
        CHECK(f.code() == errc::script_refused);
        CHECK_FALSE(f.fix().empty());
        return f;
    }
    FAIL("accepted");
    throw 0;
}

std::vector<std::string> names_of(std::vector<migration const*> const& scripts)
{
    std::vector<std::string> names;
    for (auto const* each : scripts) {
        names.push_back(each->name);
    }
    return names;
}

constexpr auto nothing = script{"1_nothing.sql", ""};

} // namespace

TEST_CASE("repeatable scripts stand behind the versioned ones, in order of their names", "[repeatable]")
{
    auto const c = make(std::array{script{"R_b.sql", "b"}, script{"9_x.sql", "x"}, script{"R_B.sql", "B"},
                                   script{"R_a.sql", "a", "", "select 1;"}, script{"10_y.sql", "y"}});
    CHECK(c.migrations().size() == 2);
    CHECK(names_of(c.scripts()) == std::vector<std::string>{"9_x", "10_y", "R_B", "R_a", "R_b"});
    CHECK(c.newest()->name == "10_y");

    auto const* const a = c.find_repeatable("a");
    REQUIRE(a != nullptr);
    CHECK(a == &c.repeatables()[1]);
    CHECK(a->repeatable());
    CHECK(a->recorded_version() == "a");
    CHECK(a->check == "select 1;");
    CHECK(a->checksum == sha256_hex("a"));
    CHECK(c.find_repeatable("A") == nullptr);
    CHECK(c.find_repeatable("c") == nullptr);
    CHECK(c.find_repeatable("") == nullptr);

    CHECK_FALSE(c.newest()->repeatable());
    CHECK(make(std::array{script{"0007_x.sql", ""}}).newest()->recorded_version() == "0007");
}

TEST_CASE("a catalog of repeatable scripts alone has no newest version", "[repeatable]")
{
    auto const c = make(std::array{script{"R_a.sql", "a"}});
    CHECK(c.newest() == nullptr);
    CHECK(c.migrations().empty());
    CHECK(c.digest() == sha256_hex("R a " + sha256_hex("a") + "\n"));
}

TEST_CASE("two repeatable scripts of one name are refused", "[repeatable]")
{
    CHECK(refusal({"R_a.sql", "1"}, {"R_a.sql", "2"}).script() == "R_a");
}

TEST_CASE("a directive that needs a version is refused in a repeatable script, by its name", "[repeatable]")
{
    auto const directive =
        GENERATE(values<std::string>({"breaks-older-than=1", "only-if-adopted 1", "adopts public.t v=1",
                                      "allow-out-of-order", "only-job"}));
    CAPTURE(directive);
    auto const text = "-- schemagate: " + directive + "\nselect 1;\n";
    auto const f = refusal(nothing, {"R_view.sql", text});
    CHECK(f.script() == "R_view");
    CHECK(f.message().starts_with("R_view: " + directive.substr(0, directive.find_first_of(" ="))));
    CHECK(f.message().find("makes no sense in a repeatable script: ") != std::string::npos);
}

TEST_CASE("directives about how a script runs are taken in a repeatable one, too", "[repeatable]")
{
    auto const c = make(std::array{script{"R_a.sql", "-- schemagate: lock-timeout=2s\n"
                                                     "-- schemagate: statement-timeout=1h\n"
                                                     "-- schemagate: allow drop: it is made anew\n"},
                                   script{"R_b.sql", "-- schemagate: no-transaction\n"}});
    CHECK(c.find_repeatable("a")->transactional);
    CHECK_FALSE(c.find_repeatable("b")->transactional);
}

TEST_CASE("every unfit directive gets its own sentence", "[repeatable]")
{
    auto const wanted =
        read_directives("R_a.sql", "-- schemagate: only-job\n-- schemagate: adopts public.t v=1\n");
    CHECK(unfit_for_repeatable(wanted).size() == 2);
    CHECK(unfit_for_repeatable({}).empty());
}

TEST_CASE("a script runs outside a transaction because of a statement or a directive", "[catalog]")
{
    CHECK(make(std::array{nothing}).newest()->transactional);
    auto const outside = GENERATE(values<script>({
        {"1_a.sql", "-- schemagate: no-transaction\nselect 1;"},
        {"1_a.sql", "-- schemagate: own-transactions\nbegin; commit;"},
        {"1_a.sql", "vacuum;", "", "", false},
    }));
    CAPTURE(outside.text);
    CHECK_FALSE(make(std::array{outside}).newest()->transactional);
}

TEST_CASE("only-job is for whoever runs the script", "[catalog]")
{
    auto const c = make(std::array{script{"1_a.sql", "-- schemagate: only-job\nselect 1;"}});
    CHECK(c.newest()->directives.only_job);
    CHECK(c.newest()->transactional);
}

TEST_CASE("repeatable scripts follow the versions in the digest, sorted by name", "[digest]")
{
    auto const expected = sha256_hex("2 b\nR a 1\nR z 2\n");
    CHECK(set_digest({{version{"02"}, "b"}}, {{"z", "2"}, {"a", "1"}}) == expected);
    CHECK(set_digest({{version{"02"}, "b"}}, {{"a", "1"}}) != expected);
    CHECK(set_digest({{version{"2"}, "b"}}) == sha256_hex("2 b\n")); // as ever: there are databases
}

TEST_CASE("a catalog's digest holds its repeatable scripts", "[digest]")
{
    auto const c = make(std::array{script{"R_v.sql", "v"}, script{"1_a.sql", "a"}});
    CHECK(c.digest() == set_digest({{version{"1"}, sha256_hex("a")}}, {{"v", sha256_hex("v")}}));
    CHECK(c.digest() != make(std::array{script{"1_a.sql", "a"}}).digest());
    CHECK(c.digest() != make(std::array{script{"R_v.sql", "V"}, script{"1_a.sql", "a"}}).digest());
}
