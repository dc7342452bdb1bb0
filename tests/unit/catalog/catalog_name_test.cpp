// The same scripts under another catalog name: what is refused, and what lives side by side.
#include "plan_fixture.hpp"
#include "schemagate/catalog_name.hpp"

using namespace schemagate;
using namespace schemagate::test;

namespace {

std::vector<script_elsewhere> under(std::string const& catalog, std::vector<std::string> const& versions)
{
    std::vector<script_elsewhere> rows;
    for (auto const& each : versions) {
        // "2b" is another text of version 2.
        rows.push_back({catalog, each.substr(0, each.find_first_not_of("0123456789")), sha256_hex(each)});
    }
    return rows;
}

} // namespace

TEST_CASE("the same scripts, some more of them or some less, are refused under another name",
          "[catalog_name]")
{
    auto const theirs = GENERATE(list{"1"}, list{"1", "2"}, list{"1", "2", "3"}, list{"1", "2", "3", "4"},
                                 list{"1", "2", "3b"}, list{"2", "3"});
    auto const f = applied_under_another_name(shipping({"1", "2", "3"}), "public", under("old name", theirs));
    REQUIRE(f);
    CHECK(f->code_name() == "catalog-renamed");
    CHECK(f->exit_code() == 76);
    CHECK(f->script() == (theirs.front() == "2" ? "2_m" : "1_m"));
    CHECK(f->message().find("catalog \"old name\"") != std::string::npos);
    CHECK(f->fix().find("--catalog \"old name\"") != std::string::npos);
    CHECK(f->fix().find("NAME \"old name\" in schemagate_embed_sql()") != std::string::npos);
}

TEST_CASE("other scripts, and one that two catalogs begin with, are no reason to refuse", "[catalog_name]")
{
    auto const theirs =
        GENERATE(list{}, list{"1b"}, list{"1", "2b"}, list{"1", "2b", "3b", "4b"}, list{"4", "5"});
    CHECK_FALSE(applied_under_another_name(shipping({"1", "2", "3"}), "public", under("other", theirs)));
    CHECK_FALSE(applied_under_another_name(shipping({}), "public", under("other", theirs)));
}

TEST_CASE("each other catalog is looked at by itself", "[catalog_name]")
{
    auto rows = under("a", {"1", "2b", "3b"});
    auto const more = under("b", {"1b", "2", "3b"});
    rows.insert(rows.end(), more.begin(), more.end());
    CHECK_FALSE(applied_under_another_name(shipping({"1", "2", "3"}), "public", rows));
    rows.push_back({"c", "0001", sha256_hex("1")}); // a version is a number
    auto const f = applied_under_another_name(shipping({"1", "2", "3"}), "public", rows);
    REQUIRE(f);
    CHECK(f->fix().find("--catalog c ") != std::string::npos);
}

TEST_CASE("a row that somebody edited is another catalog's affair", "[catalog_name]")
{
    CHECK_FALSE(applied_under_another_name(shipping({"1"}), "public", {{"other", "x", sha256_hex("1")}}));
}
