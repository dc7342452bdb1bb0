// PostgreSQL's tokens, as far as sending scripts safely needs them: where statements end, whether a script is
// complete, and which statements PostgreSQL refuses inside a transaction. Follows PostgreSQL documentation,
// "4.1 Lexical Structure". No parser: syntax errors are the server's to report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace schemagate::lexer {

/// What a statement is, as far as it changes how a script is run.
enum class statement_kind : std::uint8_t
{
    ordinary,
    begin,             ///< BEGIN, START TRANSACTION
    commit,            ///< COMMIT, END (not COMMIT PREPARED)
    rollback,          ///< ROLLBACK, ABORT (not ROLLBACK TO SAVEPOINT, not ROLLBACK PREPARED)
    other_transaction, ///< PREPARE TRANSACTION, COMMIT/ROLLBACK PREPARED, COMMIT/ROLLBACK AND CHAIN
    non_transactional, ///< refused inside a transaction: CREATE INDEX CONCURRENTLY, VACUUM, ALTER SYSTEM, …
    copy_from_stdin,   ///< COPY … FROM stdin; its data follows the statement
};

/// Small: a script of 100 MB may hold millions of them.
struct statement
{
    std::uint32_t offset = 0;      ///< byte offset of the first token
    std::uint32_t length = 0;      ///< bytes to the end of the last token, without the semicolon
    std::uint32_t line = 1;        ///< line of the first token, from 1
    std::uint32_t data_offset = 0; ///< copy_from_stdin: the data's first byte, after the statement's line
    std::uint32_t data_length = 0; ///< without the line that holds only "\."
    statement_kind kind = statement_kind::ordinary;
    /// Its plain strings '…' know backslash escapes: standard_conforming_strings is off where it stands.
    bool backslash_escapes = false;
    /// Behind it '…' is read in another way than before. The server reads a whole message as it was set when
    /// the message came, so a message must end here.
    bool changes_string_syntax = false;
};

/// Of a script in bytes, so that its places fit into 32 bits.
constexpr std::size_t script_length_max = 0xFFFF'FFFF;

/// What psql would take as a command, outside of any quotes: "\restrict x", "\i file", "select 1 \gexec".
/// PostgreSQL's own grammar has no backslash outside quotes, so none of these is ever SQL.
struct meta_command
{
    std::string name; ///< with the backslash: "\\restrict"
    std::size_t offset = 0;
    std::size_t length = 0; ///< to the end of the line, without the newline
    std::size_t line = 1;
};

/// Why a script is not complete: what would swallow the text that follows it.
struct unterminated
{
    std::string what;     ///< "a dollar quote $$", "a quoted string", "a quoted identifier", "a comment",
                          ///< "a BEGIN ATOMIC body", "COPY data"
    std::size_t line = 1; ///< where it was opened
};

struct scan_result
{
    std::vector<statement> statements; ///< empty ones (only comments, or nothing, before a ;) are left out
    std::vector<meta_command> meta_commands;
    std::optional<unterminated> open;
};

/// Scans a whole script in UTF-8; one longer than script_length_max is reported as open ("a script of more
/// than 4 GiB"). Never throws for its content; linear in its length. Knows nested comments, '…', E'…', U&'…',
/// "…", $tag$…$tag$, BEGIN ATOMIC … END bodies (the semicolons inside end no statement), COPY … FROM stdin
/// data up to "\.", and backslash commands. Begins with standard_conforming_strings = on, which every session
/// of ours sets, and follows the script's own SET, RESET and "select set_config(…)" of it from statement to
/// statement, as if each of them succeeded.
[[nodiscard]] scan_result scan(std::string_view text);

} // namespace schemagate::lexer
