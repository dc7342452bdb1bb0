#include "statement_parser.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "expression_parser.hpp"
#include "template_refusal.hpp"
#include "template_scanner.hpp"

namespace app::jinja {

namespace {

constexpr std::array<std::string_view, 4> later_tags{"elif", "else", "endif", "endfor"};

class parser
{
public:
    explicit parser(compiled& into) : context_{into}, source_{into.source}, scanner_{source_.text()} {}

    statements parse()
    {
        statements all;
        parse_body(all, {});
        return all;
    }

private:
    using ends = std::initializer_list<std::string_view>;

    struct opened
    {
        std::string_view word;
        std::size_t offset = 0;
    };

    /// Until a tag with one of these words, which it returns: the tag's next token is current then.
    std::string_view parse_body(statements& into, ends words)
    {
        while (true) {
            auto const piece = scanner_.next();
            if (!piece.text.empty()) {
                into.push_back({text_statement{piece.text}, source_.line_of(piece.open)});
            }
            if (piece.tag == tag_kind::end) {
                if (!open_.empty()) {
                    fail_unclosed();
                }
                return {};
            }
            if (piece.tag == tag_kind::none) {
                continue;
            }
            tokens_.emplace(source_.text(), piece.open, piece.inside, piece.tag == tag_kind::block);
            if (piece.tag == tag_kind::print) {
                auto printed = parse_expression();
                end_tag();
                into.push_back({print_statement{std::move(printed)}, source_.line_of(piece.open)});
                continue;
            }
            auto const word = tokens_->current();
            if (word.kind == token_kind::name &&
                std::find(words.begin(), words.end(), word.text) != words.end()) {
                tokens_->advance();
                return word.text;
            }
            parse_tag(into, word);
        }
    }

    void parse_tag(statements& into, token const& word)
    {
        if (word.kind != token_kind::name) {
            throw parse_failure{"syntax", word.offset,
                                "the name of a tag is missing; write {% if … %} or {% for … %}"};
        }
        if (std::find(later_tags.begin(), later_tags.end(), word.text) != later_tags.end()) {
            fail_misplaced(word);
        }
        if (word.text != "if" && word.text != "for") {
            refuse_tag(word);
        }
        if (open_.size() == deepest_nesting) {
            refuse_nesting(word.offset);
        }
        tokens_->advance();
        open_.push_back({word.text, word.offset});
        auto const line = source_.line_of(word.offset);
        into.push_back(word.text == "if" ? statement{parse_if(), line} : statement{parse_for(), line});
        open_.pop_back();
    }

    if_statement parse_if()
    {
        if_statement made;
        std::string_view word = "if";
        while (word != "endif") {
            branch one;
            if (word != "else") {
                one.condition = parse_expression();
            }
            end_tag();
            word = word == "else" ? parse_body(one.body, {"endif"})
                                  : parse_body(one.body, {"elif", "else", "endif"});
            made.branches.push_back(std::move(one));
        }
        end_tag();
        return made;
    }

    for_statement parse_for()
    {
        for_statement made;
        auto const name = parse_target();
        made.iterable = parse_iterable();
        end_tag();
        context_.loops.push_back(name);
        auto const word = parse_body(made.body, {"else", "endfor"});
        context_.loops.pop_back();
        if (word == "else") {
            end_tag();
            parse_body(made.otherwise, {"endfor"});
        }
        end_tag();
        return made;
    }

    std::string_view parse_target()
    {
        auto const name = tokens_->current();
        constexpr std::array<std::string_view, 7> reserved{"true", "True", "false", "False",
                                                           "none", "None", "loop"};
        if (name.kind != token_kind::name || is_operator_word(name.text) ||
            std::find(reserved.begin(), reserved.end(), name.text) != reserved.end()) {
            throw parse_failure{"syntax", name.offset,
                                "the name of the loop's variable stands here: {% for item in items %}"};
        }
        tokens_->advance();
        auto const& next = tokens_->current();
        if (next.is_symbol(",")) {
            throw parse_failure{
                "unsupported", next.offset,
                "a loop has one variable; write {% for item in items %} and item[0], item[1]"};
        }
        if (!next.is_name("in")) {
            throw parse_failure{"syntax", next.offset, "`in` is missing: {% for item in items %}"};
        }
        tokens_->advance();
        return name.text;
    }

    expression parse_iterable()
    {
        auto made = parse_expression();
        if (auto const& next = tokens_->current(); next.is_name("if")) {
            throw parse_failure{"unsupported", next.offset,
                                "a loop has no condition; write {% if … %} inside"};
        }
        return made;
    }

    expression parse_expression() { return expression_parser{*tokens_, context_}.parse(); }

    void end_tag()
    {
        expression_parser{*tokens_, context_}.expect_end();
        scanner_.resume(tokens_->behind());
    }

    [[noreturn]] void fail_unclosed() const
    {
        auto const& last = open_.back();
        throw parse_failure{"unclosed", last.offset,
                            "this block has no end; write {% end" + std::string{last.word} + " %} behind it"};
    }

    [[noreturn]] void fail_misplaced(token const& word) const
    {
        auto message = quoted(word.text) + " belongs to no block here";
        if (!open_.empty()) {
            message += "; the innermost open one is `" + std::string{open_.back().word} + "` of line " +
                       std::to_string(source_.line_of(open_.back().offset));
        }
        throw parse_failure{"syntax", word.offset, std::move(message)};
    }

    parse_context context_;
    template_source const& source_;
    template_scanner scanner_;
    std::optional<tag_tokens> tokens_;
    std::vector<opened> open_;
};

} // namespace

void parse_statements(compiled& into)
{
    into.body = parser{into}.parse();
}

} // namespace app::jinja
