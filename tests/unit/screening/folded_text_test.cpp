// Folding, and the way back to the bytes of the original.
#include <string>
#include <vector>

#include "catch.hpp"
#include "screening/folded_text.hpp"

using app::folded_text;
using app::text_range;

namespace {

std::string fold(std::string const& text, app::folding how = {})
{
    return folded_text{text, how}.text();
}

/// The piece of the original that the first occurrence of a word in the folded text was made of.
std::string original_of(std::string const& text, std::string const& word)
{
    auto const folded = folded_text{text};
    auto const at = folded.text().find(word);
    REQUIRE(at != std::string::npos);
    auto const range = folded.original({at, at + word.size()});
    return text.substr(range.begin, range.end - range.begin);
}

} // namespace

TEST_CASE("a text is folded to what a reader sees", "[folding]")
{
    auto const [text, folded] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"plain ASCII, 1-2 (3)", "plain ASCII, 1-2 (3)"},
        {"ＦＵＬＬ　ｗｉｄｔｈ　１２３", "FULL width 123"},
        {"①②③ ⅣⅫ ﬁﬂ ㎏", "123 IVXII fifl kg"},
        {"𝐛𝐨𝐥𝐝 𝟏𝟐𝟑 𝒊𝒕𝒂𝒍𝒊𝒄 𝔣𝔯𝔞𝔨𝔱𝔲𝔯 𝕕𝕠𝕦𝕓𝕝𝕖 𝚖𝚘𝚗𝚘", "bold 123 italic fraktur double mono"},
        {"ⓒⓘⓡⓒⓛⓔⓓ 🄰🄱", "circled AB"},
        {"x²", "x2"},
        {"e\u0301", "é"},                 // composed
        {"\u00e9", "é"},                  // stays composed
        {"a\u0323\u0301", "ạ\u0301"},     // the marks are in order, one composes
        {"\u1112\u1161\u11ab", "한"},     // Hangul composes
        {"q\u0323\u0307", "q"},           // marks that compose with nothing
        {"i\u0336g\u0336n\u0336", "ign"}, // struck through
        {"1\uFE0F\u20E3", "1"},           // a keycap
        {"zero\u200Bwidth\u200C\u200D\u2060\uFEFF", "zerowidth"},
        {"soft\u00ADhyphen", "softhyphen"},
        {"\u202Ebidi\u202C \u2066x\u2069 \u200Ey\u200F \u061Cz", "bidi x y z"},
        {"tag\U000E0061\U000E007F", "tag"},
        {"variation\uFE0F\U000E0100", "variation"},
        {"control\x01\x7F\u0080", "control"},
        {"a\u00A0b\u2003c\u3000d\u2028e\u2029f\u0085g", "a b c d e f g"},
        {"a\t\n\r\v\f b", "a b"},
        {"  two  ", " two "},
        {"a \u200B b", "a b"}, // one run, with something invisible inside
        {"\u2800", " "},
        {"‐‑‒–—―−﹣－", "---------"},
        {"ѕуѕтеm", "system"},
        {"іgnоrе", "ignore"},
        {"ιgnοrε ρrενιουs", "ignore previous"},
        {"САМЕ ΑΒΕ", "CAME ABE"},
        {"№5", " 5"},
        {"ſ", "s"},
        {"½", "1\u20442"},
        {"\xff", "\uFFFD"},
        {"a\xC3", "a\uFFFD"},
        {"日本語 العربية", "日本語 العربية"},
        {"١٢٣ १२३", "١٢٣ १२३"}, // digits of other scripts stay what they are
        {"\uFDFA", "\uFDFA"},   // the one character that NFKC makes a sentence of
    }));
    INFO(text);
    CHECK(fold(text) == folded);
    CHECK(fold(folded) == folded);
}

TEST_CASE("parts of the folding can be left out", "[folding]")
{
    CHECK(fold("а\n\n b", {.white_space = true, .look_alikes = false}) == "а b");
    CHECK(fold("а\n\n b", {.white_space = false, .look_alikes = true}) == "a\n\n b");
    CHECK(fold("ｓ\u200B\u3000", {.white_space = false, .look_alikes = false}) == "s ");
}

TEST_CASE("a piece of the folded text leads back to the characters it was made of", "[folding]")
{
    CHECK(original_of("say ｈｅｌｌｏ now", "hello") == "ｈｅｌｌｏ");
    CHECK(original_of("say h\u200Be\u00ADllo\u200B now", "hello") == "h\u200Be\u00ADllo");
    CHECK(original_of("\u200Bhello", "hello") == "hello");
    CHECK(original_of("a  \n b", " ") == "  \n ");
    CHECK(original_of("a \u200B b", " ") == " \u200B ");
    CHECK(original_of("xﬁy", "f") == "ﬁ"); // half of a ligature is all of it
    CHECK(original_of("xﬁy", "i") == "ﬁ");
    CHECK(original_of("xﬁy", "fiy") == "ﬁy");
    CHECK(original_of("xcafe\u0301 y", "café") == "cafe\u0301");
    CHECK(original_of("xa\u0301\u0323y", "ạ") == "a\u0301\u0323"); // reordered
    CHECK(original_of("1\u03362\u0336-", "12") == "1\u03362\u0336");
    CHECK(original_of("12\u0336-", "1") == "1");
    CHECK(original_of("\xff"
                      "ab\xff",
                      "ab") == "ab");
    CHECK(original_of("привет", "b") == "в");
}

TEST_CASE("an empty piece, and one at the end, have a place in the original", "[folding]")
{
    auto const folded = folded_text{"aﬁ\u200B"};
    CHECK(folded.text() == "afi");
    CHECK(folded.original({0, 0}) == text_range{0, 0});
    CHECK(folded.original({3, 3}) == text_range{4, 4});
    CHECK(folded.original({0, 3}) == text_range{0, 4});
    CHECK(folded_text{""}.original({0, 0}) == text_range{0, 0});
    CHECK(folded_text{"\u200B"}.original({0, 0}) == text_range{0, 0});
}

TEST_CASE("a piece of the original leads to all that was made of it", "[folding]")
{
    std::string const text = "aﬁ\u200B  b";
    auto const folded = folded_text{text};
    CHECK(folded.text() == "afi b");
    CHECK(folded.folded({0, 1}) == text_range{0, 1});
    CHECK(folded.folded({1, 4}) == text_range{1, 3});
    CHECK(folded.folded({2, 3}) == text_range{1, 3});
    CHECK(folded.folded({4, 7}) == text_range{3, 3}); // dropped
    CHECK(folded.folded({7, 8}) == text_range{3, 4});
    CHECK(folded.folded({0, text.size()}) == text_range{0, 5});
}

TEST_CASE("a text that is folded already is known to be", "[folding]")
{
    CHECK(folded_text{""}.unchanged());
    CHECK(folded_text{"plain text"}.unchanged());
    CHECK(folded_text{"日本語"}.unchanged());
    CHECK_FALSE(folded_text{"two  spaces"}.unchanged());
    CHECK_FALSE(folded_text{"line\n"}.unchanged());
    CHECK_FALSE(folded_text{"\u200B"}.unchanged());
    CHECK_FALSE(folded_text{"plain\u200B"}.unchanged());
    CHECK_FALSE(folded_text{"\u200Bplain"}.unchanged());
}

TEST_CASE("a plain character is told from the trace of another", "[folding]")
{
    auto const folded = folded_text{"a b\nc-d–e"};
    REQUIRE(folded.text() == "a b c-d-e");
    CHECK(folded.literal(1));
    CHECK_FALSE(folded.literal(3));
    CHECK(folded.literal(5));
    CHECK_FALSE(folded.literal(7));
}
