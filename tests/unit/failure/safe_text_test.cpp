#include "schemagate/safe_text.hpp"

#include "catch.hpp"

using namespace schemagate;

TEST_CASE("what can be seen is shown as it is", "[safe_text]")
{
    for (auto const* const text : {"", "plain",
                                   "Gr\xC3\xBC\xC3\x9F"
                                   "e",
                                   "\xE2\x82\xAC 5", "\xF0\x9F\x90\x98"}) {
        CHECK(printable(text) == text);
    }
}

TEST_CASE("control bytes, hidden characters and what is no UTF-8 are written out", "[safe_text]")
{
    CHECK(printable("a\nb\x1b[2J") == "a\\x0ab\\x1b[2J");
    CHECK(printable(std::string_view{"\0", 1}) == "\\x00");
    CHECK(printable("\xC2\x9B") == "\\xc2\\x9b");          // C1: CSI
    CHECK(printable("\xE2\x80\xAE") == "\\xe2\\x80\\xae"); // right-to-left override
    CHECK(printable("\xEF\xBB\xBF") == "\\xef\\xbb\\xbf"); // byte order mark
    CHECK(printable("\xC0\xAF \xED\xA0\x80 \xF5") == "\\xc0\\xaf \\xed\\xa0\\x80 \\xf5");
    CHECK(printable("\xE2\x82") == "\\xe2\\x82");
}

TEST_CASE("utf8_length knows the well-formed sequences", "[safe_text]")
{
    CHECK(utf8_length("") == 0);
    CHECK(utf8_length("\n") == 1);
    CHECK(utf8_length("\xC3\xBC") == 2);
    CHECK(utf8_length("\xE0\x80\x80") == 0);
    CHECK(utf8_length("\xF4\x90\x80\x80") == 0);
}

TEST_CASE("the distance of two words is the number of letters to change", "[safe_text]")
{
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("postgress", "postgres") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is the one that was meant, or none", "[safe_text]")
{
    std::vector<std::string_view> const words{"warn", "require", "verify"};
    CHECK(nearest_word("REQUIRE", words) == "require");
    CHECK(nearest_word("required", words) == "require");
    CHECK(nearest_word("verify-full", words) == "verify");
    CHECK(nearest_word("req", words) == "require");
    CHECK(nearest_word("wran", words) == "warn");
    CHECK(nearest_word("on", words).empty());
    CHECK(nearest_word("", words).empty());
    CHECK(nearest_word("0", {"1"}).empty());
    CHECK(nearest_word("verify", {"verify-ca", "verify-full"}).empty());
    CHECK(nearest_word(std::string(100, 'r'), words).empty());
}
