// Scripts that are mostly valid SQL, full of what makes the end of a statement hard to find.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace schemagate::test {

/// The same sequence of scripts for the same seed, on every machine.
class sql_generator
{
public:
    explicit sql_generator(unsigned seed) : random_{seed} {}

    /// A few statements of the grammar below.
    [[nodiscard]] std::string script();
    /// The same with a few bytes taken out, doubled or put in: seldom valid, and then odd.
    [[nodiscard]] std::string damaged_script();
    /// Tokens in any order, most of them without a blank between them.
    [[nodiscard]] std::string heap_of_tokens();

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t times) { return below(times) == 0; }
    template <class List>
    std::string_view any_of(List const& list)
    {
        return list[below(list.size())];
    }

    /// "~" is a blank or comment, "^" the same or nothing; "%e" an expression, "%a" an atom, "%o" an
    /// operator,
    /// "%l" a column's label or none, "%s" a statement as a body holds it, "%b" several, each with a
    /// semicolon.
    std::string filled(std::string_view form);
    std::string blank();
    std::string expression();
    std::string body();

    std::mt19937 random_; // its sequence is fixed by the standard, unlike that of the distributions
    std::size_t depth_ = 0;
};

} // namespace schemagate::test
