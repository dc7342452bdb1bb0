// The tokens inside {{ … }} and {% … %}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace app::jinja {

enum class token_kind : std::uint8_t
{
    name,
    string,
    integer,
    real,
    symbol,
    tag_end
};

struct token
{
    token_kind kind = token_kind::tag_end;
    std::string_view
        text; ///< a string's is with its quotes; that of tag_end without the white space that it strips
    std::size_t offset = 0;

    bool is_name(std::string_view word) const { return kind == token_kind::name && text == word; }
    bool is_symbol(std::string_view sign) const { return kind == token_kind::symbol && text == sign; }
};

/// Reads one token ahead. Each function throws parse_failure.
class tag_tokens
{
public:
    /// `open` is where the tag begins, `inside` what follows its {{ or {% and the sign. `block`: {%.
    tag_tokens(std::string_view source, std::size_t open, std::size_t inside, bool block);

    token const& current() const { return current_; }
    token const& ahead();
    /// Returns what was current. Behind the end of the tag nothing follows.
    token advance();

    /// Where the text goes on behind the tag's end, which must be current.
    std::size_t behind() const { return behind_; }

private:
    token read();
    token read_string();
    token read_symbol();
    token read_end(std::size_t sign);
    void balance(char bracket);

    std::string_view source_;
    std::size_t open_;
    std::size_t at_;
    bool block_;
    std::size_t behind_ = 0;
    std::vector<std::size_t> brackets_; ///< where those that are open began
    token current_;
    std::optional<token> ahead_;
};

/// A name that is an operator cannot be a variable.
bool is_operator_word(std::string_view name);

} // namespace app::jinja
