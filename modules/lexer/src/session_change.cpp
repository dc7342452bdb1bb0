#include "schemagate/session_change.hpp"

#include <algorithm>
#include <array>

#include "identifier.hpp"
#include "schemagate/lexer.hpp"
#include "session_words.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

using namespace std::string_view_literals;

constexpr std::array first_words{"set"sv,     "reset"sv, "discard"sv,    "listen"sv,  "prepare"sv,
                                 "declare"sv, "load"sv,  "deallocate"sv, "unlisten"sv};
constexpr std::array words_of_prepared{"prepare"sv, "deallocate"sv, "discard"sv};
constexpr std::array words_anywhere{"temp"sv, "temporary"sv, "pg_temp"sv, "set_config"sv};
// DECLARE begins most bodies in PL/pgSQL, and means a cursor of the session only WITH HOLD.
constexpr std::array words_in_bodies{"set"sv,     "reset"sv, "discard"sv, "listen"sv,
                                     "prepare"sv, "hold"sv,  "load"sv,    "deallocate"sv};

template <class List>
bool is_one_of(token const& t, List const& words) noexcept
{
    return std::any_of(words.begin(), words.end(), [&t](std::string_view each) { return is_word(t, each); });
}

bool tells_anywhere(token const& t) noexcept
{
    return is_one_of(t, words_anywhere) || is_one_of(t, session_lock_functions);
}

// Whether one of the words of a body is like that, whatever it means there, and whether or not it is ever
// executed.
template <class Predicate>
bool any_word(std::string_view body, Predicate const& is) noexcept
{
    std::size_t end = 0;
    for (std::size_t begin = 0; begin < body.size(); begin = end + 1) {
        end = begin;
        while (end < body.size() && continues_word(body[end])) {
            ++end;
        }
        if (is(token{token_kind::word, body.substr(begin, end - begin)})) {
            return true;
        }
    }
    return false;
}

bool is_quoted(token const& t) noexcept
{
    return t.kind == token_kind::string || t.kind == token_kind::quoted_identifier;
}

bool body_tells(std::string_view body) noexcept
{
    return any_word(
        body, [](token const& word) { return is_one_of(word, words_in_bodies) || tells_anywhere(word); });
}

bool tells(std::string_view script, statement const& of)
{
    token_reader reader{script.substr(of.offset, of.length), of.backslash_escapes};
    auto t = reader.next();
    if (is_one_of(t, first_words)) {
        return true;
    }
    for (; t.kind != token_kind::end; t = reader.next()) {
        if (is_quoted(t) ? body_tells(t.text) : tells_anywhere(t)) {
            return true;
        }
    }
    return false;
}

bool tells_of_prepared(std::string_view script, statement const& of)
{
    token_reader reader{script.substr(of.offset, of.length), of.backslash_escapes};
    auto t = reader.next();
    auto const is = [](token const& word) { return is_one_of(word, words_of_prepared); };
    if (is(t)) {
        return true;
    }
    for (; t.kind != token_kind::end; t = reader.next()) {
        if (is_quoted(t) && any_word(t.text, is)) {
            return true;
        }
    }
    return false;
}

} // namespace

bool may_change_session(std::string_view script)
{
    auto const statements = scan(script).statements;
    return std::any_of(statements.begin(), statements.end(),
                       [script](statement const& each) { return tells(script, each); });
}

bool may_prepare(std::string_view script)
{
    auto const statements = scan(script).statements;
    return std::any_of(statements.begin(), statements.end(),
                       [script](statement const& each) { return tells_of_prepared(script, each); });
}

} // namespace schemagate::lexer
