#include "schemagate/postgres/script_runner.hpp"

#include <algorithm>

#include "schemagate/lexer.hpp"

namespace schemagate::postgres {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The server counts characters, in the text that was sent; we need a line and a column of the whole script.
script_position at_character(std::string_view script, std::size_t sent_from, std::size_t position)
{
    auto offset = sent_from;
    for (std::size_t seen = 1; offset < script.size() && seen < position; ++seen) {
        ++offset;
        while (offset < script.size() && is_continuation(script[offset])) {
            ++offset;
        }
    }
    auto const before = script.substr(0, offset);
    auto const line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    script_position at;
    at.line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    at.column =
        static_cast<std::size_t>(std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start),
                                               before.end(), [](char c) { return !is_continuation(c); })) +
        1;
    return at;
}

} // namespace

void run_script(connection& on, std::string_view text)
{
    std::vector<statement_result> dropped;
    run_script(on, text, dropped);
}

void run_script(connection& on, std::string_view text, std::vector<statement_result>& into)
{
    auto const scanned = lexer::scan(text);
    std::size_t sent_from = 0;
    std::size_t first_statement = 0;
    auto const send = [&](std::size_t to, std::string_view const* copy_data) {
        auto const part = text.substr(sent_from, to - sent_from);
        try {
            if (copy_data != nullptr) {
                on.execute_copy(part, *copy_data);
            }
            else {
                on.execute(part, into);
            }
        }
        catch (sql_error const& e) {
            script_position at;
            if (e.error.position != 0) {
                at = at_character(text, sent_from, e.error.position);
            }
            else if (first_statement + e.error.statement < scanned.statements.size()) {
                at.line = scanned.statements[first_statement + e.error.statement].line;
            }
            throw script_error{e.error, at};
        }
    };
    for (std::size_t i = 0; i < scanned.statements.size(); ++i) {
        auto const& s = scanned.statements[i];
        if (s.kind == lexer::statement_kind::copy_from_stdin) {
            auto const data = text.substr(s.data_offset, s.data_length);
            send(s.offset + s.length, &data);
            auto const after =
                text.find('\n', s.data_offset + s.data_length); // the line that holds only "\."
            sent_from = after == std::string_view::npos ? text.size() : after + 1;
            first_statement = i + 1;
        }
    }
    send(text.size(), nullptr);
}

} // namespace schemagate::postgres
