#include "schemagate/postgres/script_runner.hpp"

#include <algorithm>

#include "schemagate/lexer.hpp"

namespace schemagate::postgres {
namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

constexpr std::size_t message_size = 1UL << 20U;

} // namespace

script_position position_at(std::string_view script, std::size_t offset)
{
    auto const before = script.substr(0, offset);
    auto const statements = lexer::scan(script).statements;
    auto const newline = before.rfind('\n');
    auto const line = newline == std::string_view::npos ? before : before.substr(newline + 1);
    script_position at;
    at.line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    at.column = static_cast<std::size_t>(
                    std::count_if(line.begin(), line.end(), [](char c) { return !is_continuation(c); })) +
                1;
    // What is wrong at the end of a script is wrong in its last statement.
    at.statement = static_cast<std::size_t>(std::count_if(statements.begin(), statements.end(),
                                                          [&](auto const& s) { return s.offset <= offset; }));
    return at;
}

script_position position_of_statement(std::string_view script, std::size_t index)
{
    auto const scanned = lexer::scan(script);
    script_position at;
    if (index < scanned.statements.size()) {
        at.statement = index + 1;
        at.line = scanned.statements[index].line;
    }
    return at;
}

std::size_t byte_offset(std::string_view sent, std::size_t character)
{
    std::size_t offset = 0;
    for (std::size_t seen = 1; offset < sent.size() && seen < character; ++seen) {
        ++offset;
        while (offset < sent.size() && is_continuation(sent[offset])) {
            ++offset;
        }
    }
    return offset;
}

namespace {

void send_script(connection& on, std::string_view text, result_listener const& each)
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
                on.execute(part, each);
            }
        }
        catch (sql_error const& e) {
            auto const statement = first_statement + e.error.statement;
            script_position at;
            if (e.error.position != 0) {
                at = position_at(text, sent_from + byte_offset(part, e.error.position));
            }
            else if (statement < scanned.statements.size()) {
                at.line = scanned.statements[statement].line;
                at.statement = statement + 1;
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
        else if (i + 1 < scanned.statements.size() &&
                 (s.changes_string_syntax || s.offset + s.length - sent_from > message_size)) {
            auto const& next = scanned.statements[i + 1];
            send(next.offset, nullptr);
            sent_from = next.offset;
            first_statement = i + 1;
        }
    }
    send(text.size(), nullptr);
}

} // namespace

// Nobody wants the results: those of a million INSERTs are many times the script.
void run_script(connection& on, std::string_view text)
{
    send_script(on, text, [](statement_result const&) {});
}

void run_script(connection& on, std::string_view text, std::vector<statement_result>& into)
{
    send_script(on, text, [&into](statement_result r) { into.push_back(std::move(r)); });
}

} // namespace schemagate::postgres
