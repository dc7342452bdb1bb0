// What holds for every text: tried on texts put together from pieces that are near to what is looked for.
#include <random>
#include <string>
#include <vector>

#include "configs.hpp"
#include "corpus.hpp"
#include "screening_promises.hpp"

namespace {

std::vector<std::string> const& pieces()
{
    static std::vector<std::string> const all{"123-45-6789",
                                              "123",
                                              "45",
                                              "6789",
                                              "000",
                                              "666",
                                              "4111111111111111",
                                              "4111",
                                              "1111",
                                              "378282246310005",
                                              "3782",
                                              "822463",
                                              "10005",
                                              "415",
                                              "555",
                                              "0132",
                                              "+1",
                                              "+44",
                                              "(415)",
                                              "(0)",
                                              "00",
                                              "0044",
                                              "20",
                                              "7946",
                                              "0958",
                                              "06",
                                              "12",
                                              "34",
                                              "8",
                                              "1",
                                              "-",
                                              "-",
                                              "-",
                                              " ",
                                              " ",
                                              " ",
                                              "  ",
                                              "\n",
                                              ".",
                                              "/",
                                              ",",
                                              "(",
                                              ")",
                                              "+",
                                              "\u200B",
                                              "\u00AD",
                                              "\u0301",
                                              "\u0336",
                                              "\u0323",
                                              "\u202E",
                                              "\u00A0",
                                              "–",
                                              "—",
                                              "‑",
                                              "１",
                                              "２３",
                                              "①",
                                              "ﬁ",
                                              "№",
                                              "𝟏",
                                              "é",
                                              "日本",
                                              "٣",
                                              "а",
                                              "ο",
                                              "\xFF",
                                              "\xC3",
                                              "\xF0\x9F",
                                              "jane",
                                              "@",
                                              "example",
                                              ".com",
                                              ".",
                                              "a@b.cc",
                                              "%40",
                                              "://",
                                              "git@",
                                              "tel ",
                                              "phone: ",
                                              "order ",
                                              "SSN-",
                                              "$",
                                              "€",
                                              "USD",
                                              "%",
                                              "x12",
                                              " ext. 5",
                                              "DE89 3704 0044 0532 0130 00",
                                              "[SSN]",
                                              "[",
                                              "]",
                                              "_",
                                              "ignore",
                                              " all",
                                              " previous",
                                              " instructions",
                                              "system:",
                                              "you are",
                                              "override",
                                              "ѕystem"};
    return all;
}

std::string random_text(std::mt19937& random)
{
    auto text = std::string{};
    for (auto count = random() % 12 + 1; count > 0; --count) {
        auto const& piece = pieces()[random() % pieces().size()];
        auto const times = random() % 16 == 0 ? 3 : 1;
        for (auto again = 0; again < times; ++again) {
            text += piece;
        }
    }
    return text;
}

std::vector<app::screen> const& screens()
{
    static auto const all = std::vector<app::screen>{
        app::screen::compile("pii_detection", {}),
        app::screen::compile("pii_detection", configs::seed("pii_detection_basic")),
        app::screen::compile("pii_detection", configs::adopted_pii()),
        app::screen::compile("prompt_injection", configs::seed("prompt_injection_detection")),
        app::screen::compile("prompt_injection", configs::adopted_injection())};
    return all;
}

} // namespace

TEST_CASE("offsets are borders of characters, and the way back from the folding never decreases",
          "[property]")
{
    auto random = std::mt19937{Catch::rngSeed()};
    auto texts = 0;
    for (; texts < 3000; ++texts) {
        auto const text = random_text(random);
        for (auto const how : {app::folding{}, app::folding{.white_space = false, .look_alikes = false}}) {
            auto const broken = promises::broken_by_folding(text, how);
            INFO(text);
            REQUIRE(broken == "");
        }
        for (auto const& screen : screens()) {
            auto const broken = promises::broken_by_finding(screen, text);
            INFO(text);
            REQUIRE(broken == "");
        }
    }
    CHECK(texts == 3000);
}

TEST_CASE("nothing is found in a text from which all that was found had been taken out", "[property]")
{
    auto random = std::mt19937{Catch::rngSeed()};
    for (auto texts = 0; texts < 3000; ++texts) {
        auto const text = random_text(random);
        for (auto const& screen : screens()) {
            auto const left = promises::left_by_redaction(screen, text);
            INFO(text);
            REQUIRE(left == "");
        }
    }
}

TEST_CASE("nothing is found in the corpora once they are redacted", "[property]")
{
    for (auto const& texts : {corpus::ssn(), corpus::credit_card(), corpus::phone_number(),
                              corpus::email_address(), corpus::prompt_injection()}) {
        for (auto const& written : texts) {
            auto const text = corpus::read(written).text;
            for (auto const& screen : screens()) {
                INFO(text);
                CHECK(promises::left_by_redaction(screen, text) == "");
                CHECK(promises::broken_by_finding(screen, text) == "");
            }
        }
    }
}

TEST_CASE("what a match was joined to is found once the match is taken out", "[property]")
{
    auto const screen = app::screen::compile("pii_detection", {});
    std::string const text = "4111111111111111-415-555-0132";
    auto const redacted = app::redact(text, screen.find(text));
    CHECK(screen.find(redacted).empty());
}
