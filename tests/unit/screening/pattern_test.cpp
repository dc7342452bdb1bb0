// All matches of an expression, in linear time.
#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "pattern.hpp"
#include "pattern_set.hpp"
#include "screening/screening_error.hpp"

using app::text_range;
using ranges = std::vector<text_range>;

namespace {

ranges all_matches(std::string const& regex, std::string const& text)
{
    auto found = ranges{};
    app::pattern{"/x", regex, true}.each_match(text, [&](text_range range) {
        found.push_back(range);
        return true;
    });
    return found;
}

} // namespace

TEST_CASE("all matches are found, not the first alone", "[pattern]")
{
    CHECK(all_matches("a", "banana") == ranges{{1, 2}, {3, 4}, {5, 6}});
    CHECK(all_matches("an?", "banana") == ranges{{1, 3}, {3, 5}, {5, 6}});
    CHECK(all_matches("^a", "aab") == ranges{{0, 1}});
    CHECK(all_matches("b$", "abab") == ranges{{3, 4}});
    CHECK(all_matches("(?m)^b$", "b\nb\nab") == ranges{{0, 1}, {2, 3}});
    CHECK(all_matches("\\bx\\b", "x xx x") == ranges{{0, 1}, {5, 6}});
    CHECK(all_matches("a", "").empty());
}

TEST_CASE("no match is empty or holds half a character", "[pattern]")
{
    CHECK(all_matches("\\b(?:ab)?", "ab cd ab") == ranges{{0, 2}, {6, 8}});
    CHECK(all_matches("\\C", "é") == ranges{{0, 2}});
    CHECK(all_matches("a\\C", "aéb") == ranges{{0, 3}});
    CHECK(all_matches("\\Cb", "éb") == ranges{{0, 3}});
}

TEST_CASE("a match that is refused does not hide one inside it", "[pattern]")
{
    auto found = ranges{};
    app::pattern{"/x", "[0-9 ]{3,}", true}.each_match("12 345", [&](text_range range) {
        found.push_back(range);
        return range.begin == 3;
    });
    CHECK(found == ranges{{0, 6}, {1, 6}, {2, 6}, {3, 6}});
}

TEST_CASE("far looks after many matches are bounded, and near ones are not missed", "[pattern]")
{
    auto text = std::string{};
    for (auto count = 0; count < 200'000; ++count) {
        text += "a ";
    }
    text += "ac";
    auto const begin = std::chrono::steady_clock::now();
    auto const found = all_matches("a(?:[^c]{0,100}c)?", text);
    auto const far = all_matches("a(?:[^c]*d)?", text); // every search looks for d to the end of the text
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20}); // its square takes minutes
    CHECK(far.size() == 200'001);
    CHECK(found.back().end == text.size());
}

TEST_CASE("expressions that are slow elsewhere take linear time", "[pattern]")
{
    auto const text = std::string(100'000, 'a');
    auto const begin = std::chrono::steady_clock::now();
    for (std::string const regex : {"(a+)+$b", "(a|aa)+b", "(x+x+)+y", "(.*a){20}b", "a*a*a*a*a*b"}) {
        INFO(regex);
        CHECK(all_matches(regex, text).empty());
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
}

TEST_CASE("a set of patterns says no only where none of them finds anything", "[screening]")
{
    app::pattern const word{"/a", R"(\bsecret\b)", false};
    app::pattern const number{"/b", "[0-9]{3}", false};
    app::pattern_set const set{{&word, &number}};
    CHECK(set.may_find("a SECRET"));
    CHECK(set.may_find("room 101"));
    CHECK_FALSE(set.may_find("secrets of room 10"));
    CHECK_FALSE(app::pattern_set{}.may_find("secret"));

    // What its automaton has no memory for, it cannot tell.
    app::pattern const large{"/c", "(?:[a-z]{1,40}x){15}", false};
    std::vector<app::pattern const*> const many(100, &large);
    CHECK(app::pattern_set{many}.may_find("nothing of the kind"));

    app::pattern const other_case{"/d", "SECRET", true};
    CHECK(app::pattern_set{{&word, &other_case}}.may_find("nothing of the kind"));
}
