// PostgreSQL's tokens, one at a time, as far as statement boundaries depend on them.
//
// Follows the rules of the server's own scanner (scan.l) and not an approximation of them: where a quote, a
// comment or a dollar quote begins decides what is a statement and what is only text. Linear in the script's
// length; never throws for its content.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

enum class token_kind
{
    word,              ///< an unquoted identifier or keyword
    quoted_identifier, ///< "…", U&"…"
    string,            ///< '…', E'…', B'…', X'…', N'…', U&'…', $tag$…$tag$
    number,
    symbol, ///< any other single character, a semicolon included
    meta_command,
    end,
};

struct token
{
    token_kind kind = token_kind::end;
    std::string_view text;
    std::size_t offset = 0;
    std::size_t line = 1;
};

struct copy_block
{
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// A letter, a digit, _, $ or any byte of a character beyond ASCII.
[[nodiscard]] bool continues_word(char c) noexcept;

class token_reader
{
public:
    explicit token_reader(std::string_view text, bool backslash_escapes = false) noexcept
        : text_{text}, backslash_escapes_{backslash_escapes}
    {}

    [[nodiscard]] token next();

    /// Whether plain strings '…' know backslash escapes from here on (standard_conforming_strings is off).
    void set_backslash_escapes(bool known) noexcept { backslash_escapes_ = known; }

    /// A COPY … FROM stdin has ended: its data begins on the next line and goes up to "\.". Several on one
    /// line get their blocks in order, as with psql.
    void expect_copy_data(std::size_t statement_line) { awaiting_data_.push_back(statement_line); }

    /// The data blocks that were read so far, in the order of their statements.
    [[nodiscard]] std::vector<copy_block> const& copy_blocks() const noexcept { return blocks_; }

    /// What the text ended inside of.
    [[nodiscard]] std::optional<unterminated> const& open() const noexcept { return open_; }

private:
    [[nodiscard]] bool at(std::string_view expected) const noexcept;
    [[nodiscard]] char peek(std::size_t distance = 0) const noexcept;

    void advance_to(std::size_t end) noexcept; ///< counts the lines on the way
    void skip_blanks_and_comments();
    void skip_line_comment() noexcept;
    void skip_block_comment();
    void read_copy_blocks();
    void read_copy_block(std::size_t statement_line);

    token_kind read_word();
    token_kind read_dollar();
    void read_quoted_identifier();
    void read_string(bool backslash_escapes);
    [[nodiscard]] bool string_continues() noexcept;
    void leave_open(std::string_view what, std::size_t line);

    std::string_view text_;
    bool backslash_escapes_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    std::vector<std::size_t> awaiting_data_;
    std::vector<copy_block> blocks_;
    std::optional<unterminated> open_;
};

} // namespace schemagate::lexer
