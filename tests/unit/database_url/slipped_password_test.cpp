// Secrecy by construction: whatever part the password slipped into, nothing that is printed holds six bytes
// of it.
#include <random>

#include "catch.hpp"
#include "delimiter_edits.hpp"
#include "printed_words.hpp"

namespace {

#ifdef NDEBUG
constexpr auto slips = 100'000;
#else
constexpr auto slips = 4'000; // a build with sanitizers takes its time
#endif

} // namespace

TEST_CASE("no slip of a hand makes a piece of the password visible", "[secrecy]")
{
    auto engine = std::mt19937{20261129};
    auto const number = [&](std::size_t below) { return engine() % below; };
    auto results = 0;
    while (results < slips)
        for (auto const& canary : canaries)
            for (auto const& text : texts_with(canary)) {
                auto const slipped =
                    with_slips(text, text.find(canary) == text.npos ? encoded(canary) : canary, number);
                auto const shown = printed(slipped);
                ++results;
                auto const piece = piece_shown(shown, canary);
                if (!piece.empty()) {
                    INFO(slipped << "\n" << shown);
                    CHECK(piece.empty());
                }
            }
    CHECK(results >= slips);
}

TEST_CASE("the slips are found where they show the password", "[secrecy]")
{
    CHECK(piece_shown("host Zq7wKx", "Zq7wKx2yVj") == "Zq7wKx");
    CHECK(piece_shown("%2Fw7%23", "Vj@Kx/w7#Zq2y") == "%2Fw7%");
    CHECK(piece_shown("Zq7wK", "Zq7wKx2yVj").empty());
    for (auto const& canary : canaries)
        for (auto const& text : texts_with(canary)) {
            INFO(text);
            CHECK_FALSE(piece_shown(text, canary).empty());
            CHECK_FALSE(has(codes(diagnose(text)), "password"));
        }
}
