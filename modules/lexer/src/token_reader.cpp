#include "token_reader.hpp"

#include <algorithm>
#include <string>

namespace schemagate::lexer {

using namespace std::string_view_literals;

namespace {

bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

// Every byte of a character beyond ASCII counts as a letter, as in PostgreSQL.
bool begins_word(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continues_tag(char c) noexcept
{
    return begins_word(c) || is_digit(c);
}

} // namespace

bool continues_word(char c) noexcept
{
    return continues_tag(c) || c == '$';
}

bool token_reader::at(std::string_view expected) const noexcept
{
    return text_.substr(position_).starts_with(expected);
}

char token_reader::peek(std::size_t distance) const noexcept
{
    return position_ + distance < text_.size() ? text_[position_ + distance] : '\0';
}

void token_reader::advance_to(std::size_t end) noexcept
{
    auto const passed = text_.substr(position_, end - position_);
    line_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    position_ = end;
}

void token_reader::leave_open(std::string_view what, std::size_t line)
{
    advance_to(text_.size());
    if (!open_) {
        open_ = unterminated{std::string{what}, line};
    }
}

void token_reader::skip_blanks_and_comments()
{
    while (position_ < text_.size()) {
        if (peek() == '\n') {
            advance_to(position_ + 1);
            read_copy_blocks();
        }
        else if (is_blank(peek())) {
            ++position_;
        }
        else if (at("--")) {
            skip_line_comment();
        }
        else if (at("/*")) {
            skip_block_comment();
        }
        else {
            return;
        }
    }
}

// A carriage return ends the comment too: the server takes what follows it as SQL.
void token_reader::skip_line_comment() noexcept
{
    position_ = std::min(text_.find_first_of("\r\n", position_), text_.size());
}

void token_reader::skip_block_comment()
{
    auto const opened = line_;
    std::size_t depth = 0;
    auto i = position_;
    while (i < text_.size()) {
        auto const pair = text_.substr(i, 2);
        if (pair == "/*") {
            ++depth;
            i += 2;
        }
        else if (pair == "*/") {
            i += 2;
            if (--depth == 0) {
                advance_to(i);
                return;
            }
        }
        else {
            ++i;
        }
    }
    leave_open("a comment", opened);
}

void token_reader::read_copy_blocks()
{
    for (auto const statement_line : awaiting_data_) {
        read_copy_block(statement_line);
    }
    awaiting_data_.clear();
}

void token_reader::read_copy_block(std::size_t statement_line)
{
    auto const begin = position_;
    while (position_ < text_.size()) {
        auto const end = std::min(text_.find('\n', position_), text_.size());
        auto line = text_.substr(position_, end - position_);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line == "\\.") {
            blocks_.push_back({begin, position_ - begin});
            advance_to(std::min(end + 1, text_.size()));
            return;
        }
        advance_to(std::min(end + 1, text_.size()));
    }
    blocks_.push_back({begin, position_ - begin});
    leave_open("COPY data", statement_line);
}

token token_reader::next()
{
    skip_blanks_and_comments();
    auto result = token{token_kind::symbol, {}, position_, line_};
    if (position_ == text_.size()) {
        result.kind = token_kind::end;
        if (!awaiting_data_.empty()) {
            read_copy_blocks();
        }
        return result;
    }
    auto const c = peek();
    if (c == '\\') {
        result.kind = token_kind::meta_command;
        auto end = std::min(text_.find('\n', position_), text_.size());
        end -= text_[end - 1] == '\r' ? 1U : 0U;
        advance_to(end);
    }
    else if (begins_word(c)) {
        result.kind = read_word();
    }
    else if (is_digit(c)) {
        // Letters behind a number begin a word, as before PostgreSQL 15; newer ones call "1E'…'" an error.
        result.kind = token_kind::number;
        while (is_digit(peek()) || peek() == '.' || peek() == '_') {
            ++position_;
        }
    }
    else if (c == '$') {
        result.kind = read_dollar();
    }
    else if (c == '\'') {
        result.kind = token_kind::string;
        read_string(backslash_escapes_);
    }
    else if (c == '"') {
        result.kind = token_kind::quoted_identifier;
        read_quoted_identifier();
    }
    else {
        ++position_;
    }
    result.text = text_.substr(result.offset, position_ - result.offset);
    return result;
}

token_kind token_reader::read_word()
{
    auto const begin = position_;
    while (continues_word(peek()) && position_ < text_.size()) {
        ++position_;
    }
    auto const word = text_.substr(begin, position_ - begin);
    // A prefix counts only as a word of its own and with nothing between it and the quote. N'…' is read as
    // '…' is, so it needs no rule.
    if (word.size() == 1 && peek() == '\'' && "eEbBxX"sv.find(word) != std::string_view::npos) {
        read_string(word == "e" || word == "E");
        return token_kind::string;
    }
    if ((word == "u" || word == "U") && peek() == '&' && (peek(1) == '\'' || peek(1) == '"')) {
        ++position_;
        if (peek() == '"') {
            read_quoted_identifier();
            return token_kind::quoted_identifier;
        }
        read_string(false);
        return token_kind::string;
    }
    return token_kind::word;
}

// $1 is a parameter, $$ and $tag$ begin a dollar quote, any other $ stands for itself.
token_kind token_reader::read_dollar()
{
    auto end = position_ + 1;
    if (is_digit(peek(1))) {
        while (end < text_.size() && is_digit(text_[end])) {
            ++end;
        }
        position_ = end;
        return token_kind::symbol;
    }
    while (end < text_.size() && continues_tag(text_[end])) {
        ++end;
    }
    if (end == text_.size() || text_[end] != '$') {
        ++position_;
        return token_kind::symbol;
    }
    auto const tag = text_.substr(position_, end + 1 - position_);
    auto const close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) {
        leave_open("a dollar quote " + std::string{tag}, line_);
    }
    else {
        advance_to(close + tag.size());
    }
    return token_kind::string;
}

// A doubled quote needs no rule: it closes the text and opens it again at once.
void token_reader::read_quoted_identifier()
{
    auto const opened = line_;
    do {
        auto const end = text_.find('"', position_ + 1);
        if (end == std::string_view::npos) {
            return leave_open("a quoted identifier", opened);
        }
        advance_to(end + 1);
    } while (peek() == '"');
}

void token_reader::read_string(bool backslash_escapes)
{
    auto const opened = line_;
    auto const special = backslash_escapes ? "'\\"sv : "'"sv;
    do {
        auto i = text_.find_first_of(special, position_ + 1);
        while (i < text_.size() && text_[i] == '\\') {
            i = text_.find_first_of(special, i + 2);
        }
        if (i >= text_.size()) {
            return leave_open("a quoted string", opened);
        }
        advance_to(i + 1);
    } while (peek() == '\'' || string_continues());
}

// 'a' <newline> 'b' is one string in SQL, and the second part is read as the first one was. Moves to the
// second part if there is one.
bool token_reader::string_continues() noexcept
{
    auto i = position_;
    bool newline = false;
    for (;;) {
        i = std::min(text_.find_first_not_of(" \t\n\r\f\v", i), text_.size());
        newline =
            newline || text_.substr(position_, i - position_).find_first_of("\r\n") != std::string_view::npos;
        if (text_.substr(i, 2) != "--") {
            break;
        }
        i = std::min(text_.find_first_of("\r\n", i), text_.size());
    }
    if (!newline || i == text_.size() || text_[i] != '\'') {
        return false;
    }
    advance_to(i);
    return true;
}

} // namespace schemagate::lexer
