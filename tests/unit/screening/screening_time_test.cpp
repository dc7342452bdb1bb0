// Time is linear in the text, whatever the text is.
#include <ctime>
#include <string>
#include <vector>

#include "configs.hpp"
#include "corpus.hpp"

namespace {

/// Of this thread alone: other work on the machine does not count.
double cpu_seconds()
{
    auto time = timespec{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string repeated(std::string const& piece, std::size_t size)
{
    auto text = std::string{};
    while (text.size() < size) {
        text += piece;
    }
    return text;
}

double seconds_for(app::screen const& screen, std::string const& text)
{
    auto const begin = cpu_seconds();
    static_cast<void>(screen.find(text));
    return cpu_seconds() - begin;
}

} // namespace

TEST_CASE("a text made to be slow takes linear time", "[time]")
{
    auto const pii = app::screen::compile("pii_detection", configs::seed("pii_detection_basic"));
    auto const injection =
        app::screen::compile("prompt_injection", configs::seed("prompt_injection_detection"));
    std::string const piece =
        GENERATE(as<std::string>{}, "1", "4", " ", "\n", "\u0301\u0316", "a\u0301\u0316\u0327", "@", "a@",
                 "a@b.", "a@b.cc-", "1 ", "1-", "1.", "1/", "4111 ", "4111111111111111 ", "415-555-0132 ",
                 "call 555-0132 ", "123-45-6789,", "123-45-6789-", "+", "+1", "+1 4", "(1)", "00 ", "\u200B",
                 "a\u200B", "１", "а", "漢", "\u1100", "\u1161", "\xFF", "\xF0\x9F", "a.", "ignore ",
                 "ignore all ", "ignore the the the ", "system:", "<", "\U000E0061", "x%40", "\uFDFA",
                 "\uFDFB", "DE89 3704 0044 0532 0130 00 ", "AA11 1111 1111 1111 ", "tel ", "tel 1-1 ",
                 "http://a@b.cc ", "http://a:a@b.cc/", "0171 1234567 ", "4444 4444 4444 4448 ", "$1 1");
    INFO(piece);
    constexpr auto small_size = std::size_t{4} << 10;
    constexpr auto factor = 8.0;
    auto const small = repeated(piece, small_size);
    auto const large = repeated(piece, static_cast<std::size_t>(factor) * small_size);
    for (auto const* screen : {&pii, &injection}) {
        seconds_for(*screen, small); // RE2 makes its automata
        auto const expected = factor * seconds_for(*screen, small);
        // A square would be eight times as much; a short time is mostly chance.
        CHECK(seconds_for(*screen, large) < 3 * expected + 0.05);
    }
}
