// The list of statements that PostgreSQL refuses inside a transaction block follows its documentation,
// versions 13 to 18. Three refusals depend on what a name stands for and cannot be seen in the text: REINDEX
// and CLUSTER of one partitioned table, and DROP SUBSCRIPTION, which is refused while the subscription has a
// slot (taken as refused unless the script itself has taken the slot off). CALL and DO may commit inside; the
// engine sees that when it checks its transaction after the script.
#include "statement_classifier.hpp"

#include <algorithm>

namespace schemagate::lexer {
namespace {

statement_kind refused_if(bool refused) noexcept
{
    return refused ? statement_kind::non_transactional : statement_kind::ordinary;
}

/// Behind COMMIT, END, ROLLBACK, ABORT: "[WORK | TRANSACTION] [AND [NO] CHAIN]".
statement_kind end_of_transaction(statement_head head, statement_kind plain) noexcept
{
    head.take_any({"work", "transaction"});
    if (plain == statement_kind::rollback && head.at_word("to")) {
        return statement_kind::ordinary; // to a savepoint
    }
    if (head.take("prepared") || (head.take("and") && !head.at_word("no"))) {
        return statement_kind::other_transaction;
    }
    return plain;
}

statement_kind copy(statement_head head) noexcept
{
    // COPY (query) can only write; a column list stands between the table and FROM.
    head.take("binary");
    head.take_name();
    head.take_group();
    // PostgreSQL takes STDOUT here as well, and means the same.
    return head.take("from") && head.take_any({"stdin", "stdout"}) ? statement_kind::copy_from_stdin
                                                                   : statement_kind::ordinary;
}

statement_kind create(statement_head head) noexcept
{
    if (head.take_any({"database", "tablespace"})) {
        return statement_kind::non_transactional;
    }
    if (head.take("subscription")) {
        // Refused where a replication slot is made, which is the default unless it does not connect.
        auto const options = head.find_group();
        return refused_if(options.option("create_slot").value_or(options.option("connect").value_or(true)));
    }
    head.take("unique");
    return refused_if(head.take("index") && head.take("concurrently"));
}

statement_kind reindex(statement_head head) noexcept
{
    auto const options = head.take_group();
    return refused_if(options.option("concurrently").value_or(false) ||
                      head.take_any({"database", "system", "schema"}) ||
                      (head.take_any({"table", "index"}) && head.take("concurrently")));
}

statement_kind cluster(statement_head head) noexcept
{
    head.take_group();
    head.take("verbose");
    return refused_if(head.at_end());
}

statement_kind alter_database(statement_head head) noexcept
{
    head.take_name();
    head.take_any({"set", "with"});
    return refused_if(head.at_word("tablespace"));
}

statement_kind alter_table(statement_head head) noexcept
{
    if (head.take("if")) {
        head.take("exists");
    }
    head.take("only");
    head.take_name();
    return refused_if(head.take("detach") && head.take("partition") && !head.take_name().empty() &&
                      head.take("concurrently"));
}

} // namespace

statement_kind statement_classifier::alter_subscription(statement_head head)
{
    auto const name = std::string{head.take_name()};
    if (head.take("refresh")) {
        return refused_if(head.at_word("publication"));
    }
    if (head.take_any({"set", "add", "drop"})) {
        if (head.take("publication")) {
            return refused_if(head.find_group().option("refresh").value_or(true));
        }
        auto const options = head.take_group();
        if (options.option_is("slot_name", "none")) {
            without_slot_.push_back(name);
        }
        return refused_if(options.option("failover").has_value() || options.option("two_phase").has_value());
    }
    return statement_kind::ordinary;
}

statement_kind statement_classifier::alter(statement_head head)
{
    if (head.take("system")) {
        return statement_kind::non_transactional;
    }
    if (head.take("database")) {
        return alter_database(head);
    }
    if (head.take("subscription")) {
        return alter_subscription(head);
    }
    return head.take("table") ? alter_table(head) : statement_kind::ordinary;
}

statement_kind statement_classifier::drop(statement_head head) const
{
    if (head.take_any({"database", "tablespace"})) {
        return statement_kind::non_transactional;
    }
    if (head.take("subscription")) {
        if (head.take("if")) {
            head.take("exists");
        }
        auto const name = head.take_name();
        return refused_if(std::find(without_slot_.begin(), without_slot_.end(), name) == without_slot_.end());
    }
    return refused_if(head.take("index") && head.take("concurrently"));
}

statement_kind statement_classifier::classify(std::span<token const> tokens)
{
    auto head = statement_head{tokens};
    if (head.take("begin")) {
        return statement_kind::begin;
    }
    if (head.take("start")) {
        return head.take("transaction") ? statement_kind::begin : statement_kind::ordinary;
    }
    if (head.take_any({"commit", "end"})) {
        return end_of_transaction(head, statement_kind::commit);
    }
    if (head.take_any({"rollback", "abort"})) {
        return end_of_transaction(head, statement_kind::rollback);
    }
    if (head.take("prepare")) {
        return head.take("transaction") && head.at_string() ? statement_kind::other_transaction
                                                            : statement_kind::ordinary;
    }
    if (head.take("copy")) {
        return copy(head);
    }
    if (head.take("create")) {
        return create(head);
    }
    if (head.take("alter")) {
        return alter(head);
    }
    if (head.take("drop")) {
        return drop(head);
    }
    if (head.take("reindex")) {
        return reindex(head);
    }
    if (head.take("cluster")) {
        return cluster(head);
    }
    if (head.take("discard")) {
        return refused_if(head.at_word("all"));
    }
    return refused_if(head.take("vacuum"));
}

} // namespace schemagate::lexer
