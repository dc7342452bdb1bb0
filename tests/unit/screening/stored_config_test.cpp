// The configs that databases hold: the seed's own, and those that the earlier system left.
#include "configs.hpp"
#include "corpus.hpp"

TEST_CASE("the seed's guardrail for personal data makes no mistake in the corpora", "[stored]")
{
    auto const screen = app::screen::compile("pii_detection", configs::seed("pii_detection_basic"));
    corpus::check("seed: SSN", screen, "SSN", corpus::ssn(), 40, 60);
    corpus::check("seed: CREDIT_CARD", screen, "CREDIT_CARD", corpus::credit_card(), 40, 60);
    corpus::check("seed: PHONE_NUMBER", screen, "PHONE_NUMBER", corpus::phone_number(), 40, 60);
    corpus::check("seed: EMAIL_ADDRESS", screen, "EMAIL_ADDRESS", corpus::email_address(), 40, 60);
}

TEST_CASE("the earlier system's guardrail for personal data makes no mistake in the corpora", "[stored]")
{
    auto const screen = app::screen::compile("pii_detection", configs::adopted_pii());
    corpus::check("adopted: SSN", screen, "SSN", corpus::ssn(), 40, 60);
    corpus::check("adopted: CREDIT_CARD", screen, "CREDIT_CARD", corpus::credit_card(), 40, 60);
    corpus::check("adopted: PHONE_NUMBER", screen, "PHONE_NUMBER", corpus::phone_number(), 40, 60);
    CHECK(screen.find("a@example.com").empty()); // nobody asked for it
}

TEST_CASE("the seed's guardrail for prompt injection finds the plain attempts, hidden or not", "[stored]")
{
    auto const screen = app::screen::compile("prompt_injection", configs::seed("prompt_injection_detection"));
    corpus::check("seed: PROMPT_INJECTION", screen, "PROMPT_INJECTION", corpus::prompt_injection(), 40, 60);
}

TEST_CASE("the seed's placeholder for toxic content is not effective", "[stored]")
{
    auto const config = configs::object(
        R"({"detector": "none", "threshold": 0.7, "allow_educational_context": true, "categories": ["profanity"]})");
    auto const screen = app::screen::compile("toxic_content", config);
    CHECK_FALSE(screen.effective());
    CHECK(screen.find("damn").empty());
}

TEST_CASE("the earlier system's substrings are found in any case, hidden or not", "[stored]")
{
    auto const screen = app::screen::compile("prompt_injection", configs::adopted_injection());
    for (std::string const text : {"Ignore Previous Instructions", "ignore\nprevious\n instructions",
                                   "ｉｇｎｏｒｅ previous instructions", "ign\u200Bore previous instructions",
                                   "іgnоrе previous instructions", "SYSTEM:", "overrides", "a JAILBREAK!"}) {
        INFO(text);
        CHECK(screen.find(text).size() == 1);
    }
    for (std::string const text :
         {"ignore the previous instruction", "systems", "over ride", "What is photosynthesis?"}) {
        INFO(text);
        CHECK(screen.find(text).empty());
    }
}
