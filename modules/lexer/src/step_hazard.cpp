// The rules follow PostgreSQL's documentation of SET, LOCK, DECLARE, PREPARE, LISTEN, CREATE TABLE and
// "Advisory Lock Functions".
#include "step_hazard.hpp"

#include <algorithm>
#include <vector>

#include "session_words.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

/// What the words of a whole statement show, however long it is.
class statement_words
{
public:
    statement_words(std::string_view script, statement const& of)
    {
        token_reader reader{script.substr(of.offset, of.length), of.backslash_escapes};
        token before_last;
        token last;
        for (auto t = reader.next(); t.kind != token_kind::end; t = reader.next()) {
            constexpr std::size_t enough = 32; // no part that decides stands behind these
            if (first_.size() < enough) {
                first_.push_back(t);
            }
            locks_ = locks_ || (is_symbol(t, '(') &&
                                std::any_of(session_lock_functions.begin(), session_lock_functions.end(),
                                            [&last](std::string_view each) { return is_word(last, each); }));
            set_config_ = set_config_ || (is_symbol(t, '(') && is_word(last, "set_config"));
            in_pg_temp_ = in_pg_temp_ || (is_symbol(t, '.') && is_word(last, "pg_temp"));
            // SELECT … INTO TEMP t, and not INSERT INTO temp.
            auto const into =
                is_word(last, "into") && !is_word(before_last, "insert") && !is_word(before_last, "merge");
            into_temp_ = into_temp_ || (into && (is_word(t, "temp") || is_word(t, "temporary") ||
                                                 is_word(t, "local") || is_word(t, "global")));
            dropped_at_commit_ = dropped_at_commit_ || (is_word(before_last, "on") &&
                                                        is_word(last, "commit") && is_word(t, "drop"));
            before_last = last;
            last = t;
        }
    }

    [[nodiscard]] statement_head head() const noexcept { return statement_head{first_}; }
    [[nodiscard]] bool locks() const noexcept { return locks_; }
    [[nodiscard]] bool sets_config() const noexcept { return set_config_; }
    [[nodiscard]] bool dropped_at_commit() const noexcept { return dropped_at_commit_; }

    [[nodiscard]] bool makes_temporary() const noexcept
    {
        auto create = head();
        if (create.take("create")) {
            create.take_all({"or", "replace"});
            create.take_any({"global", "local"});
            return create.take_any({"temp", "temporary"}) || in_pg_temp_;
        }
        return into_temp_ || in_pg_temp_;
    }

private:
    std::vector<token> first_;
    bool locks_ = false;
    bool set_config_ = false;
    bool in_pg_temp_ = false;
    bool into_temp_ = false;
    bool dropped_at_commit_ = false;
};

session_effect effect_of_set(statement_head head) noexcept
{
    return head.take_any({"local", "constraints", "transaction"}) ? session_effect::local
                                                                  : session_effect::lasting;
}

/// "select set_config('name', 'value', false)" and nothing else; nullopt for any other use of set_config().
std::optional<session_effect> effect_of_set_config(statement_head head) noexcept
{
    head.take("select");
    if (head.take("pg_catalog")) {
        head.take_symbol('.');
    }
    if (!head.take("set_config")) {
        return std::nullopt;
    }
    auto arguments = head.take_group();
    if (!head.at_end() || !arguments.take_string() || !arguments.take_symbol(',') ||
        !(arguments.take_string() || arguments.take("null")) || !arguments.take_symbol(',')) {
        return std::nullopt;
    }
    auto const local = arguments.take("true");
    if ((!local && !arguments.take("false")) || !arguments.at_end()) {
        return std::nullopt;
    }
    return local ? session_effect::local : session_effect::lasting;
}

std::optional<std::string> hazard_of(statement_words const& words, bool in_block)
{
    auto head = words.head();
    if (words.makes_temporary() && !(in_block && words.dropped_at_commit())) {
        return "a temporary object is gone when the script is resumed on another connection. Use an ordinary "
               "one and drop it at the end, or make the table inside BEGIN … COMMIT with ON COMMIT DROP "
               "(directive own-transactions)";
    }
    if (words.locks()) {
        return "a session-level advisory lock is not held any more when the script is resumed, and unlocking "
               "may free the lock that the run itself holds. Use pg_advisory_xact_lock(), or leave it out: "
               "only one process migrates at a time";
    }
    if (head.take("prepare")) {
        return "a prepared statement is gone when the script is resumed on another connection. Write the "
               "statement out where it is executed";
    }
    if (head.take("listen")) {
        return "nobody reads the notifications of a migration's connection. Remove the statement";
    }
    if (head.take("discard") && head.take("all")) {
        return "it drops the advisory lock that the run holds. Use RESET ALL, DEALLOCATE ALL, DISCARD TEMP, "
               "whichever is meant";
    }
    if (head.take("declare")) {
        auto const holds = head.skip_to("cursor") && head.take("cursor") && head.take_all({"with", "hold"});
        if (holds) {
            return "a cursor that outlives its transaction is gone when the script is resumed on another "
                   "connection. Read it inside one transaction, or loop in a DO block";
        }
    }
    return std::nullopt;
}

} // namespace

step_effect effect_of(std::string_view script, statement const& of, bool in_block)
{
    statement_words const words{script, of};
    if (auto hazard = hazard_of(words, in_block)) {
        return {session_effect::none, std::move(hazard)};
    }
    auto head = words.head();
    if (words.sets_config()) {
        auto const effect = effect_of_set_config(head);
        if (!effect) {
            return {session_effect::none,
                    "what set_config() changes here cannot be told apart from what the statement does "
                    "otherwise, and is lost when the script is resumed. Use SET, or SELECT "
                    "set_config('name', 'value', false) as a statement of its own"};
        }
        return {*effect, std::nullopt};
    }
    if (head.take("set")) {
        return {effect_of_set(head), std::nullopt};
    }
    if (head.take_any({"lock", "savepoint", "release", "rollback", "abort", "declare"})) {
        return {session_effect::local, std::nullopt};
    }
    if (head.take_any({"reset", "load", "discard", "deallocate", "unlisten"})) {
        return {session_effect::lasting, std::nullopt};
    }
    return {};
}

} // namespace schemagate::lexer
