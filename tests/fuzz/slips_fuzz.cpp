// Good connection strings after slips of a hand: whatever part the password got into, nothing that is printed
// holds six bytes of it. The input chooses the password, the text, and the slips (delimiter_edits.hpp).
#include "broken_promise.hpp"
#include "delimiter_edits.hpp"
#include "printed_words.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    auto at = std::size_t{0};
    auto const number = [&](std::size_t below) { return at < size ? data[at++] % below : 0; };
    auto const& canary = canaries[number(canaries.size())];
    auto const texts = texts_with(canary);
    auto const& text = texts[number(texts.size())];
    auto const word = text.find(canary) == text.npos ? encoded(canary) : canary;
    auto const slipped = with_slips(text, word, number);
    promise(piece_shown(printed(slipped), canary).empty(), "nothing of the password is printed", slipped);
    return 0;
}
