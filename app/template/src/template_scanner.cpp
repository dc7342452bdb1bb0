#include "template_scanner.hpp"

#include "python_characters.hpp"
#include "template_source.hpp"

namespace app::jinja {

namespace {

/// `-`, `+` or NUL.
char sign_at(std::string_view source, std::size_t at)
{
    return at < source.size() && (source[at] == '-' || source[at] == '+') ? source[at] : '\0';
}

/// Behind `word` and the white space around it, at `at`; 0 where something else stands there.
std::size_t behind_word(std::string_view source, std::size_t at, std::string_view word)
{
    auto const rest = strip_left(source.substr(at));
    if (!rest.starts_with(word)) {
        return 0;
    }
    return source.size() - strip_left(rest.substr(word.size())).size();
}

std::size_t behind_space(std::string_view source, std::size_t at)
{
    return source.size() - strip_left(source.substr(at)).size();
}

/// Behind `-%}` and the white space that it strips, `+%}`, `%}` and a line's end: 0 where none of them
/// stands.
std::size_t behind_raw_end(std::string_view source, std::size_t at)
{
    auto const rest = source.substr(at);
    if (rest.starts_with("-%}")) {
        return behind_space(source, at + 3);
    }
    if (rest.starts_with("+%}")) {
        return at + 3;
    }
    if (rest.starts_with("%}")) {
        return at + 2 + (rest.substr(2).starts_with('\n') ? 1 : 0);
    }
    return 0;
}

} // namespace

void template_scanner::resume(std::size_t behind)
{
    line_starts_ = behind > 0 && source_[behind - 1] == '\n';
    at_ = behind;
}

std::string_view template_scanner::stripped(std::string_view text, char sign, bool print) const
{
    if (sign == '-') {
        return strip_right(text);
    }
    if (sign == '+' || print) {
        return text;
    }
    auto const line = text.rfind('\n') + 1; // npos + 1 is 0
    if ((line > 0 || line_starts_) && strip_left(text.substr(line)).empty()) {
        return text.substr(0, line);
    }
    return text;
}

template_piece template_scanner::next()
{
    if (raw_open_ != std::string_view::npos) {
        return raw_text();
    }
    auto open = source_.find('{', at_);
    while (open != std::string_view::npos &&
           (open + 1 == source_.size() ||
            (source_[open + 1] != '{' && source_[open + 1] != '%' && source_[open + 1] != '#'))) {
        open = source_.find('{', open + 1);
    }
    if (open == std::string_view::npos) {
        return {source_.substr(at_), tag_kind::end, source_.size(), source_.size()};
    }
    auto const kind = source_[open + 1];
    auto const sign = sign_at(source_, open + 2);
    auto const inside = open + (sign == '\0' ? 2 : 3);
    template_piece piece{stripped(source_.substr(at_, open - at_), sign, kind == '{'), tag_kind::none, open,
                         inside};
    if (kind == '#') {
        skip_comment(open, inside);
        return piece;
    }
    if (kind == '%') {
        // {% raw %} keeps the line's end behind it, unlike a block.
        auto const behind = behind_word(source_, inside, "raw");
        auto const rest = behind == 0 ? std::string_view{} : source_.substr(behind);
        if (rest.starts_with("%}") || rest.starts_with("-%}")) {
            resume(rest[0] == '-' ? behind_space(source_, behind + 3) : behind + 2);
            raw_open_ = open;
            return piece;
        }
    }
    piece.tag = kind == '{' ? tag_kind::print : tag_kind::block;
    return piece;
}

void template_scanner::skip_comment(std::size_t open, std::size_t inside)
{
    auto const end = source_.find("#}", inside);
    if (end == std::string_view::npos) {
        throw parse_failure{"unclosed", open, "this comment has no end; write #} behind it"};
    }
    auto const sign = end > inside ? sign_at(source_, end - 1) : '\0';
    auto behind = end + 2;
    if (sign == '-') {
        behind = behind_space(source_, behind);
    }
    else if (sign == '\0' && source_.substr(behind).starts_with('\n')) {
        ++behind;
    }
    resume(behind);
}

template_piece template_scanner::raw_text()
{
    for (auto open = source_.find("{%", at_); open != std::string_view::npos;
         open = source_.find("{%", open + 2)) {
        auto const sign = sign_at(source_, open + 2);
        auto const word = behind_word(source_, open + (sign == '\0' ? 2 : 3), "endraw");
        auto const behind = word == 0 ? 0 : behind_raw_end(source_, word);
        if (behind != 0) {
            template_piece const piece{stripped(source_.substr(at_, open - at_), sign, false), tag_kind::none,
                                       open, open};
            raw_open_ = std::string_view::npos;
            resume(behind);
            return piece;
        }
    }
    throw parse_failure{"unclosed", raw_open_, "this raw block has no end; write {% endraw %} behind it"};
}

} // namespace app::jinja
