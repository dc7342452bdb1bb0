#include "release_lock.hpp"

#include "catch.hpp"

using namespace schemagate;
using namespace schemagate::embed;

namespace {

folder_script one_script(std::string file, std::string text)
{
    folder_script s;
    s.file = std::move(file);
    s.checksum = sha256_hex(text);
    s.text = std::move(text);
    return s;
}

folder_content two_scripts()
{
    return {{one_script("0001_a.sql", "select 1;\n"), one_script("0002_b.sql", "select 2;\n")}, {}};
}

std::string line_of(folder_script const& s)
{
    return s.checksum + "  " + s.file + "\n";
}

std::vector<folder_problem> judged(folder_content const& content, std::string const& lock)
{
    return lock_problems(content, "sql/released.lock", lock);
}

} // namespace

TEST_CASE("a release lists every script once, in order, and only adds", "[release_lock]")
{
    auto content = two_scripts();
    auto const first = with_all_released(content, "");
    CHECK(first == line_of(content.scripts[0]) + line_of(content.scripts[1]));
    CHECK(with_all_released(content, first) == first);
    content.scripts.push_back(one_script("0010_c.sql", "select 3;\n"));
    CHECK(with_all_released(content, first) == first + line_of(content.scripts[2]));
    CHECK(judged(content, first).empty());
    CHECK(judged(content, "").empty());
}

TEST_CASE("a released script that changed or is gone is named with the lock's line", "[release_lock]")
{
    auto const lock = with_all_released(two_scripts(), "");
    auto changed = two_scripts();
    changed.scripts[1] = one_script("0002_b.sql", "select 22;\n");
    auto const one = judged(changed, lock);
    REQUIRE(one.size() == 1);
    CHECK(one[0].file == "sql/released.lock");
    CHECK(one[0].line == 2);
    CHECK_THAT(one[0].message, support::holds("0002_b.sql was released, and was changed since"));

    auto gone = two_scripts();
    gone.scripts.pop_back();
    auto const two = judged(gone, lock);
    REQUIRE(two.size() == 1);
    CHECK_THAT(two[0].message, support::holds("0002_b.sql was released, and is gone"));
}

TEST_CASE("a new script below the highest released one is refused", "[release_lock]")
{
    auto const lock = with_all_released(two_scripts(), "");
    auto late = two_scripts();
    late.scripts.insert(late.scripts.begin() + 1, one_script("1_late.sql", "select 3;\n"));
    auto const found = judged(late, lock);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0].message,
               support::holds("1_late.sql is not released") && support::holds("0002_b.sql"));
}

TEST_CASE("each text of a repeatable script is released, in order, and none comes back", "[release_lock]")
{
    folder_content const first{{one_script("R_view.sql", "select 3;\n")}, {}};
    folder_content const second{{one_script("R_view.sql", "select 4;\n")}, {}};
    auto const lock = with_all_released(first, "");
    CHECK(lock == line_of(first.scripts[0]));
    CHECK(judged(second, lock).empty()); // its text is meant to change
    CHECK(judged({}, lock).empty());     // and it may go
    auto const both = with_all_released(second, lock);
    CHECK(both == lock + line_of(second.scripts[0]));
    CHECK(with_all_released(second, both) == both);
    CHECK(judged(second, both).empty());
    auto const back = judged(first, both);
    REQUIRE(back.size() == 1);
    CHECK(back[0].line == 2);
    CHECK_THAT(back[0].message, support::holds("Change a comment"));
    CHECK(judged(first, lock + lock).at(0).line == 2);
}

TEST_CASE("a repeatable script knows the released texts up to its own", "[release_lock]")
{
    folder_content first{{one_script("R_view.sql", "select 3;\n"), one_script("R_w.sql", "select 3;\n")}, {}};
    folder_content second{{one_script("R_view.sql", "select 4;\n")}, {}};
    folder_content unreleased{{one_script("R_view.sql", "select 5;\n"), one_script("0001_a.sql", "\n")}, {}};
    auto const lock = with_all_released(second, with_all_released(first, ""));
    for (auto* const each : {&first, &second, &unreleased}) {
        note_released(*each, lock);
    }
    auto const& a = first.scripts[0].checksum;
    CHECK(first.scripts[0].released == a + "\n");
    CHECK(second.scripts[0].released == a + "\n" + second.scripts[0].checksum + "\n");
    CHECK(unreleased.scripts[0].released.empty());
    CHECK(unreleased.scripts[1].released.empty());
}

TEST_CASE("a lock that is none is refused with its line", "[release_lock]")
{
    auto const content = two_scripts();
    auto const good = line_of(content.scripts[0]);
    auto const sum = content.scripts[0].checksum;
    for (auto const& bad : {std::string{"# a comment\n"}, std::string{"\n"}, sum + " 0001_a.sql\n",
                            sum + "  0001_a.sql\r\n", sum + "  0001_a.down.sql\n", sum + "  ../0001_a.sql\n",
                            "ABC" + sum.substr(3) + "  0001_a.sql\n", sum}) {
        auto const found = judged(content, bad);
        CAPTURE(bad);
        REQUIRE(!found.empty());
        CHECK(found[0].line == 1);
        CHECK_THAT(found[0].message, support::holds("is no line"));
    }
    auto const twice = judged(content, good + good);
    REQUIRE(twice.size() == 1);
    CHECK(twice[0].line == 2);
    CHECK_THAT(twice[0].message, support::holds("listed twice"));
}
