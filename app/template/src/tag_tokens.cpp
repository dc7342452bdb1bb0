#include "tag_tokens.hpp"

#include <algorithm>
#include <array>

#include "python_characters.hpp"
#include "template_literals.hpp"
#include "template_source.hpp"

namespace app::jinja {

namespace {

constexpr std::array<std::string_view, 6> two_signs{"//", "**", "==", "!=", ">=", "<="};
constexpr std::string_view signs = "+-/*%~[](){}><=.:|,;";

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char closing(char bracket)
{
    return bracket == '(' ? ')' : ']';
}

} // namespace

bool is_operator_word(std::string_view name)
{
    constexpr std::array<std::string_view, 7> words{"and", "or", "not", "in", "is", "if", "else"};
    return std::find(words.begin(), words.end(), name) != words.end();
}

tag_tokens::tag_tokens(std::string_view source, std::size_t open, std::size_t inside, bool block)
    : source_{source}, open_{open}, at_{inside}, block_{block}, current_{read()}
{}

token const& tag_tokens::ahead()
{
    if (!ahead_) {
        ahead_ = current_.kind == token_kind::tag_end ? current_ : read();
    }
    return *ahead_;
}

token tag_tokens::advance()
{
    auto const before = current_;
    current_ = ahead();
    ahead_.reset();
    return before;
}

token tag_tokens::read()
{
    auto const rest = strip_left(source_.substr(at_));
    at_ = source_.size() - rest.size();
    if (rest.empty()) {
        throw parse_failure{"unclosed", open_,
                            std::string{"this tag has no end; write "} + (block_ ? "%}" : "}}") +
                                " behind it"};
    }
    auto const end = block_ ? std::string_view{"%}"} : std::string_view{"}}"};
    if (brackets_.empty()) {
        if (rest.starts_with(end)) {
            return read_end(0);
        }
        if ((rest[0] == '-' || (block_ && rest[0] == '+')) && rest.substr(1).starts_with(end)) {
            return read_end(1);
        }
        if (rest.starts_with(block_ ? "}}" : "%}")) {
            throw parse_failure{"syntax", at_,
                                block_ ? "a tag that begins with {% ends with %}"
                                       : "a tag that begins with {{ ends with }}"};
        }
    }
    auto const take = [&](token_kind kind, std::size_t length) {
        token const made{kind, rest.substr(0, length), at_};
        at_ += length;
        return made;
    };
    if (is_digit(rest[0])) {
        auto const number = scan_number(rest, source_[at_ - 1] == '.');
        return take(number.real ? token_kind::real : token_kind::integer, number.length);
    }
    if (rest[0] == '\'' || rest[0] == '"') {
        return read_string();
    }
    std::size_t length = 0;
    if (starts_name(next_code_point(rest, length))) {
        while (length < rest.size()) {
            auto behind = length;
            if (!continues_name(next_code_point(rest, behind))) {
                break;
            }
            length = behind;
        }
        return take(token_kind::name, length);
    }
    return read_symbol();
}

token tag_tokens::read_end(std::size_t sign)
{
    token const end{token_kind::tag_end, source_.substr(at_, sign + 2), at_};
    behind_ = at_ + sign + 2;
    if (source_[at_] == '-') {
        behind_ = source_.size() - strip_left(source_.substr(behind_)).size();
    }
    else if (block_ && sign == 0 && source_.substr(behind_).starts_with('\n')) {
        ++behind_; // trim_blocks
    }
    return end;
}

token tag_tokens::read_string()
{
    auto const quote = source_[at_];
    auto end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) {
        end += source_[end] == '\\' ? 2 : 1;
    }
    if (end >= source_.size()) {
        throw parse_failure{"unclosed", at_,
                            std::string{"this text has no end; write "} + quote + " behind it, or \\" +
                                quote + " where it is part of a text"};
    }
    token const made{token_kind::string, source_.substr(at_, end + 1 - at_), at_};
    at_ = end + 1;
    return made;
}

token tag_tokens::read_symbol()
{
    auto const rest = source_.substr(at_);
    for (auto const two : two_signs) {
        if (rest.starts_with(two)) {
            at_ += 2;
            return {token_kind::symbol, rest.substr(0, 2), at_ - 2};
        }
    }
    if (signs.find(rest[0]) == std::string_view::npos) {
        std::size_t length = 0;
        next_code_point(rest, length);
        auto const* const advice = rest[0] == '&'   ? "; write `and`"
                                   : rest[0] == '!' ? "; write `not`, or `!=`"
                                                    : "; a text stands in quotes";
        throw parse_failure{"syntax", at_,
                            "`" + std::string{rest.substr(0, length)} + "` has no meaning in a tag" + advice};
    }
    if (rest.starts_with("{{") || rest.starts_with("{%") || rest.starts_with("{#")) {
        throw parse_failure{"unclosed", open_,
                            std::string{"this tag has no end before the next one; write "} +
                                (block_ ? "%}" : "}}") + " behind it"};
    }
    balance(rest[0]);
    ++at_;
    return {token_kind::symbol, rest.substr(0, 1), at_ - 1};
}

void tag_tokens::balance(char bracket)
{
    if (bracket == '{') {
        throw parse_failure{"unsupported", at_, "there are no dictionaries; give an object as a variable"};
    }
    if (bracket == '(' || bracket == '[') {
        brackets_.push_back(at_);
    }
    else if (bracket == ')' || bracket == ']' || bracket == '}') {
        auto const wanted = brackets_.empty() ? '\0' : closing(source_[brackets_.back()]);
        if (bracket != wanted) {
            throw parse_failure{"syntax", at_,
                                std::string{"`"} + bracket + "` closes nothing here" +
                                    (wanted == '\0' ? std::string{"; take it out"}
                                                    : std::string{"; write `"} + wanted + "` first")};
        }
        brackets_.pop_back();
    }
}

} // namespace app::jinja
