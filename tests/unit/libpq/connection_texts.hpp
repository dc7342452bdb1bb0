// Connection strings for comparison with libpq: what people write, what they write wrongly, and what a small
// grammar makes of the pieces of both.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Every part of a URI with and without its neighbours, each kind of fault once, and the mistakes that libpq
/// takes without a word.
[[nodiscard]] std::vector<std::string> const& written_texts();

/// URIs and keyword/value strings, legal for the most part; the same ones for the same seed.
class text_grammar
{
public:
    explicit text_grammar(std::uint_fast32_t seed) : random_{seed} {}

    [[nodiscard]] std::string uri();
    [[nodiscard]] std::string keyword_value();

private:
    [[nodiscard]] bool once_in(unsigned times);
    [[nodiscard]] std::string const& one_of(std::vector<std::string> const& pieces);
    [[nodiscard]] std::string host_and_port();

    std::mt19937 random_;
};
