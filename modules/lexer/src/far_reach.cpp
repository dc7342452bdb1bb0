#include "schemagate/far_reach.hpp"

#include <algorithm>
#include <array>

#include "schemagate/index_statement.hpp"
#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::size_t enough = 4096; // ALTER TABLE has any number of parts

enum class reach
{
    nothing, ///< no relation changes
    near,    ///< those that it locks
    drops,   ///< the same, and some may be gone
    far
};

// What stands before a parenthesis is a function, unless it is one of these words; and these change no
// relation.
bool calls_no_function_of_users(std::vector<token> const& tokens)
{
    static constexpr std::array<std::string_view, 29> known{"set_config", "current_setting",
                                                            "setval",     "count",
                                                            "min",        "max",
                                                            "sum",        "coalesce",
                                                            "now",        "in",
                                                            "exists",     "any",
                                                            "all",        "and",
                                                            "or",         "not",
                                                            "values",     "from",
                                                            "as",         "where",
                                                            "select",     "union",
                                                            "then",       "when",
                                                            "on",         "using",
                                                            "over",       "filter",
                                                            "by"};
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        auto const& name = tokens[i - 1];
        if (!is_symbol(tokens[i], '(') || name.kind == token_kind::symbol) {
            continue;
        }
        auto const qualified = i >= 2 && is_symbol(tokens[i - 2], '.');
        auto const from_postgres = !qualified || (i >= 3 && is_word(tokens[i - 3], "pg_catalog"));
        if (!from_postgres || std::none_of(known.begin(), known.end(),
                                           [&](std::string_view each) { return is_word(name, each); })) {
            return false;
        }
    }
    return tokens.size() < enough;
}

reach reach_of_alter_table(std::vector<token> const& tokens)
{
    auto const has = [&tokens](std::initializer_list<std::string_view> words) {
        return std::any_of(tokens.begin(), tokens.end(), [&](token const& t) {
            return std::any_of(words.begin(), words.end(),
                               [&](auto const& word) { return is_word(t, word); });
        });
    };
    // A longer statement may hold such a part where we do not look. USING INDEX changes the index and may
    // give it the constraint's name, under a weak lock.
    if (tokens.size() >= enough || has({"rename", "schema", "attach", "detach", "inherit", "index"})) {
        return reach::far;
    }
    return has({"drop"}) ? reach::drops : reach::near;
}

reach reach_of_alter(statement_head head, std::vector<token> const& tokens)
{
    if (head.take("table")) {
        return reach_of_alter_table(tokens);
    }
    if (head.take("type")) {
        head.take_relation();
        return head.take_all({"add", "value"}) ? reach::nothing : reach::far;
    }
    return head.take_any({"sequence", "policy", "default", "role", "database", "publication", "subscription"})
               ? reach::near
               : reach::far;
}

reach reach_of(std::string_view script, statement const& s)
{
    auto const tokens = first_tokens(script, s, enough);
    auto head = statement_head{tokens};
    if (head.take("create")) {
        return reach::near;
    }
    if (head.take("drop")) {
        return reach::drops;
    }
    if (head.take("alter")) {
        return reach_of_alter(head, tokens);
    }
    if (head.take("select")) {
        return calls_no_function_of_users(tokens) ? reach::nothing : reach::far;
    }
    return head.take_any({"comment",   "grant",   "revoke",   "insert", "update",  "delete",
                          "copy",      "set",     "reset",    "begin",  "start",   "commit",
                          "end",       "lock",    "analyze",  "vacuum", "reindex", "refresh",
                          "savepoint", "release", "rollback", "notify"})
               ? reach::nothing
               : reach::far;
}

template <class Predicate>
bool any_statement(std::string_view script, Predicate const& is)
{
    auto const scanned = scan(script);
    return std::any_of(scanned.statements.begin(), scanned.statements.end(), is);
}

} // namespace

bool reaches_far(std::string_view script)
{
    return any_statement(script, [script](statement const& s) { return reach_of(script, s) == reach::far; });
}

bool may_drop(std::string_view script)
{
    return any_statement(script,
                         [script](statement const& s) { return reach_of(script, s) >= reach::drops; });
}

bool reaches_far_in_steps(std::string_view script)
{
    return any_statement(script, [script](statement const& s) {
        auto const index = read_index_statement(script.substr(s.offset, s.length));
        return !(index && index->concurrently) && reach_of(script, s) != reach::nothing;
    });
}

std::vector<schema_renaming> renamed_schemas(std::string_view script)
{
    std::vector<schema_renaming> found;
    for (auto const& each : scan(script).statements) {
        auto const tokens = first_tokens(script, each, 16);
        auto head = statement_head{tokens};
        if (!head.take_all({"alter", "schema"})) {
            continue;
        }
        auto from = head.take_relation().name;
        if (head.take_all({"rename", "to"})) {
            found.push_back({std::move(from), head.take_relation().name});
        }
    }
    return found;
}

} // namespace schemagate::lexer
