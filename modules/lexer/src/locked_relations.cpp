// The locks follow PostgreSQL's documentation, "13.3.1 Table-Level Locks" and the page of each statement, and
// what pg_locks shows on versions 13 and 18.
#include "schemagate/locked_relations.hpp"

#include <optional>
#include <string>
#include <unordered_set>

#include "identifier.hpp"
#include "referenced_relations.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

using names = std::vector<locked_relation>;

/// What one statement locks, and what it makes.
struct lock_reading
{
    names locked{};
    relation_name made{};
};

// "[ONLY] a [*] [(columns)], b, …", each with or without parentheses around the name.
names take_list(statement_head& head)
{
    names found;
    do {
        head.take("only");
        auto const enclosed = head.take_symbol('(');
        found.push_back(head.take_relation());
        if (enclosed) {
            head.take_symbol(')');
        }
        head.take_symbol('*');
        head.take_group();
    } while (head.take_symbol(','));
    return found;
}

bool take_relation_kind(statement_head& head)
{
    return head.take_any({"table", "view", "index", "sequence"}) || head.take_all({"materialized", "view"}) ||
           head.take_all({"foreign", "table"});
}

names behind(statement_head head, std::string_view word)
{
    return head.skip_to(word) && head.take(word) ? names{head.take_relation()} : names{};
}

/// Whether this part of ALTER TABLE or ALTER INDEX takes SHARE UPDATE EXCLUSIVE only.
bool is_light(statement_head part)
{
    if (part.take_all({"validate", "constraint"}) || part.take_all({"attach", "partition"}) ||
        part.take_all({"cluster", "on"}) || part.take_all({"set", "without", "cluster"})) {
        return true;
    }
    if (part.take_all({"detach", "partition"})) {
        part.take_relation();
        return part.at_word("concurrently");
    }
    if (part.take("alter")) {
        part.take("column");
        part.skip();
        return part.take_all({"set", "statistics"}) || (part.take_any({"set", "reset"}) && part.at_group());
    }
    return part.take_any({"set", "reset"}) && part.at_group();
}

bool is_light_throughout(statement_head parts)
{
    do {
        if (!is_light(parts)) {
            return false;
        }
    } while (parts.skip_behind_comma());
    return true;
}

bool adds_foreign_key(statement_head head)
{
    return head.skip_to("references");
}

// `whole`: the head is all of the statement, so that no heavy part can stand behind it.
names alter(statement_head head, bool whole)
{
    if (head.take_any({"trigger", "rule", "policy"})) {
        return behind(head, "on");
    }
    auto const table = head.at_word("table");
    auto const index = head.at_word("index");
    auto const sequence = head.at_word("sequence");
    if (!take_relation_kind(head) || head.take_all({"all", "in"})) {
        return {};
    }
    head.take_all({"if", "exists"});
    head.take("only");
    // ADD FOREIGN KEY, ENABLE and DISABLE TRIGGER let readers read, and so does ALTER SEQUENCE.
    auto relation = head.take_relation();
    head.take_symbol('*');
    auto const shared = sequence || head.at_word("enable") || head.at_word("disable") ||
                        (head.at_word("add") && !whole) || adds_foreign_key(head);
    names found{{std::move(relation), !shared}};
    if (((table || index) && whole && is_light_throughout(head)) || (index && head.at_word("rename"))) {
        found.clear();
    }
    if (head.take_any({"attach", "detach"}) && head.take("partition")) {
        found.push_back(head.take_relation());
    }
    return found;
}

names drop(statement_head head)
{
    if (head.take_any({"trigger", "rule", "policy"})) {
        return behind(head, "on");
    }
    if (!take_relation_kind(head) || head.take("concurrently")) {
        return {};
    }
    head.take_all({"if", "exists"});
    return take_list(head);
}

names lock(statement_head head)
{
    head.take("table");
    auto found = take_list(head);
    if (!head.take("in") || head.take_all({"access", "exclusive"})) {
        return found;
    }
    if (head.take_all({"access", "share"}) || head.take("row") || head.take_all({"share", "update"})) {
        return {};
    }
    for (auto& each : found) {
        each.exclusive = false;
    }
    return found;
}

names vacuum(statement_head head)
{
    auto full = head.take_group().option("full").value_or(false);
    full = head.take("full") || full;
    while (head.take_any({"freeze", "verbose", "analyze", "analyse"})) {
    }
    return full && !head.at_end() ? take_list(head) : names{};
}

names cluster(statement_head head)
{
    head.take_group();
    head.take("verbose");
    auto const first = head.take_relation();
    return {head.take("on") ? head.take_relation() : first};
}

lock_reading create(statement_head head)
{
    auto const replaces = head.take_all({"or", "replace"});
    head.take("constraint");
    if (head.take("policy")) {
        return {behind(head, "on")};
    }
    if (head.take("trigger")) {
        auto found = behind(head, "on");
        for (auto& each : found) {
            each.exclusive = false;
        }
        return {std::move(found)};
    }
    if (head.take("rule")) {
        return {behind(head, "to")};
    }
    head.take_any({"global", "local"});
    head.take_any({"temporary", "temp", "unlogged"});
    head.take("recursive");
    if (!take_relation_kind(head)) {
        return {};
    }
    auto const may_exist = head.take_all({"if", "not", "exists"});
    auto name = head.take_relation();
    if (replaces) {
        return {{std::move(name)}};
    }
    lock_reading found{{}, may_exist ? relation_name{} : std::move(name)};
    if (head.take_all({"partition", "of"})) {
        found.locked.push_back(head.take_relation());
    }
    return found;
}

lock_reading of_index(index_statement read)
{
    if (read.concurrently) {
        return {};
    }
    if (read.action == index_action::create) {
        return {{{read.table, false}}, read.if_not_exists ? relation_name{} : read.names.front()};
    }
    if (read.action == index_action::reindex_table) {
        return {{{read.table, false}}};
    }
    return {{read.names.begin(), read.names.end()}};
}

lock_reading read(statement_head head, bool whole)
{
    if (head.take("create")) {
        return create(head);
    }
    if (head.take("alter")) {
        return {alter(head, whole)};
    }
    if (head.take("drop")) {
        return {drop(head)};
    }
    if (head.take("truncate")) {
        head.take("table");
        return {take_list(head)};
    }
    if (head.take("lock")) {
        return {lock(head)};
    }
    if (head.take("vacuum")) {
        return {vacuum(head)};
    }
    if (head.take("cluster")) {
        return {cluster(head)};
    }
    if (head.take_all({"refresh", "materialized", "view"})) {
        return {head.take("concurrently") ? names{} : names{head.take_relation()}};
    }
    return {};
}

/// Names that were seen: identifiers hold no NUL.
class name_set
{
public:
    /// Whether it is new.
    bool add(relation_name const& name) { return seen_.insert(key(name)).second; }
    [[nodiscard]] bool holds(relation_name const& name) const { return seen_.contains(key(name)); }

private:
    static std::string key(relation_name const& name) { return name.schema + '\0' + name.name; }

    std::unordered_set<std::string> seen_;
};

} // namespace

names locked_relations(std::string_view script)
{
    constexpr std::size_t enough = 4096; // DROP and TRUNCATE name any number
    names found;
    name_set listed;
    name_set made;
    auto const strengthen = [&found](locked_relation const& name) {
        for (auto& each : found) {
            each.exclusive = each.exclusive || (name.exclusive && each.relation == name.relation);
        }
    };
    for (auto const& each : scan(script).statements) {
        auto const tokens = first_tokens(script, each, enough);
        auto const head = statement_head{tokens};
        auto const text = script.substr(each.offset, each.length);
        auto index = read_index_statement(text);
        auto reading = index ? of_index(std::move(*index)) : read(head, tokens.size() < enough);
        for (auto& referenced : referenced_relations(head, text, each.backslash_escapes)) {
            reading.locked.emplace_back(std::move(referenced), false);
        }
        made.add(reading.made);
        for (auto& name : reading.locked) {
            if (name.relation.name.empty() || made.holds(name.relation)) {
                continue;
            }
            if (listed.add(name.relation)) {
                found.push_back(std::move(name));
            }
            else if (name.exclusive) {
                strengthen(name);
            }
        }
    }
    return found;
}

} // namespace schemagate::lexer
