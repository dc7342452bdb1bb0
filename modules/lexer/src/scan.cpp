#include "schemagate/lexer.hpp"

#include <algorithm>
#include <vector>

#include "statement_classifier.hpp"
#include "string_syntax.hpp"
#include "token_reader.hpp"

namespace schemagate::lexer {
namespace {

// What a statement is shows in its first tokens. A longer memory would only hold the rows of large INSERTs; a
// COPY names at most 1600 columns, with a comma each.
constexpr std::size_t head_length_max = 4096;

// No script is longer than what it holds.
std::uint32_t narrow(std::size_t place) noexcept
{
    return static_cast<std::uint32_t>(place);
}

// By memchr: fast where they are few, as in data.
std::size_t semicolons(std::string_view text) noexcept
{
    std::size_t count = 0;
    for (auto at = text.find(';'); at != std::string_view::npos; at = text.find(';', at + 1)) {
        ++count;
    }
    return count;
}

class scanner
{
public:
    explicit scanner(std::string_view text) : text_{text}, tokens_{text} {}

    scan_result run()
    {
        if (text_.size() > script_length_max) {
            result_.open = unterminated{"a script of more than 4 GiB", 1};
            return std::move(result_);
        }
        // No more than this, so that the list never grows by copies of itself.
        result_.statements.reserve(semicolons(text_) + 1);
        for (auto t = tokens_.next(); t.kind != token_kind::end; t = tokens_.next()) {
            if (t.kind == token_kind::meta_command) {
                add_meta_command(t);
            }
            else if (is_symbol(t, ';') && parentheses_ == 0 && !in_body_) {
                end_statement();
            }
            else {
                add(t);
            }
        }
        auto const inside_body = in_body_;
        auto const body_line = body_line_;
        end_statement();
        static_cast<void>(tokens_.next()); // a COPY that ends with the text, without a semicolon, has no data
        result_.open = tokens_.open();
        if (!result_.open && inside_body) {
            result_.open = unterminated{"a BEGIN ATOMIC body", body_line};
        }
        place_copy_data();
        return std::move(result_);
    }

private:
    void add_meta_command(token const& t)
    {
        auto const name = t.text.substr(0, t.text.find_first_of(" \t"));
        result_.meta_commands.push_back({std::string{name}, t.offset, t.text.size(), t.line});
    }

    void add(token const& t)
    {
        if (head_.empty()) {
            current_.offset = narrow(t.offset);
            current_.line = narrow(t.line);
        }
        follow_nesting(t);
        end_ = t.offset + t.text.size();
        previous_ = t;
        if (head_.size() < head_length_max) {
            head_.push_back(t);
        }
    }

    // CREATE RULE … DO (a; b) and CREATE FUNCTION … BEGIN ATOMIC a; b; END hold semicolons that end nothing.
    // The END of such a body stands where a statement of it would begin: any other END closes a CASE or is a
    // column's label, and each statement of the body has its semicolon.
    void follow_nesting(token const& t)
    {
        if (in_body_) {
            in_body_ = !(begins_in_body_ && is_word(t, "end"));
            begins_in_body_ = is_symbol(t, ';');
        }
        else if (is_symbol(t, '(')) {
            ++parentheses_;
        }
        else if (is_symbol(t, ')')) {
            parentheses_ -= parentheses_ > 0 ? 1U : 0U;
        }
        else if (is_word(t, "atomic") && is_word(previous_, "begin") && parentheses_ == 0 &&
                 creates_routine()) {
            in_body_ = true;
            begins_in_body_ = true;
            body_line_ = previous_.line;
        }
    }

    [[nodiscard]] bool creates_routine() const
    {
        auto head = statement_head{head_};
        if (!head.take("create")) {
            return false;
        }
        if (head.take("or")) {
            head.take("replace");
        }
        return head.take_any({"function", "procedure"});
    }

    void end_statement()
    {
        if (!head_.empty()) {
            current_.length = narrow(end_) - current_.offset;
            current_.kind = classifier_.classify(head_);
            follow_string_syntax();
            if (current_.kind == statement_kind::copy_from_stdin) {
                tokens_.expect_copy_data(current_.line);
            }
            result_.statements.push_back(current_);
        }
        head_.clear();
        current_ = {};
        previous_ = {};
        parentheses_ = 0;
        in_body_ = false;
    }

    void follow_string_syntax()
    {
        auto const before = syntax_.backslash_escapes();
        syntax_.follow(current_.kind, head_);
        current_.backslash_escapes = before;
        current_.changes_string_syntax = syntax_.backslash_escapes() != before;
        tokens_.set_backslash_escapes(syntax_.backslash_escapes());
    }

    // The blocks were read in the order of their statements.
    void place_copy_data()
    {
        auto block = tokens_.copy_blocks().begin();
        for (auto& each : result_.statements) {
            if (each.kind != statement_kind::copy_from_stdin) {
                continue;
            }
            if (block == tokens_.copy_blocks().end()) {
                each.data_offset = narrow(text_.size());
                continue;
            }
            each.data_offset = narrow(block->offset);
            each.data_length = narrow(block->length);
            ++block;
        }
    }

    std::string_view text_;
    token_reader tokens_;
    statement_classifier classifier_;
    string_syntax syntax_;
    scan_result result_;

    statement current_;
    std::vector<token> head_;
    token previous_;
    std::size_t end_ = 0;
    std::size_t parentheses_ = 0;
    bool in_body_ = false;        ///< behind BEGIN ATOMIC
    bool begins_in_body_ = false; ///< where a statement of the body, or its END, begins
    std::size_t body_line_ = 1;
};

} // namespace

scan_result scan(std::string_view text)
{
    return scanner{text}.run();
}

} // namespace schemagate::lexer
