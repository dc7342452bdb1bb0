#include "schemagate/created_relations.hpp"

#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::size_t enough = 24; // no name stands behind so many tokens

creation index_of(statement_head r)
{
    r.take("concurrently");
    auto const must_be_new = !r.take_all({"if", "not", "exists"});
    if (r.take("on")) {
        return {};
    }
    auto name = r.take_relation();
    if (r.take("on")) {
        r.take("only");
        name.schema = r.take_relation().schema;
    }
    return {std::move(name), must_be_new};
}

// Without a name where the statement makes no relation that lasts.
creation created_by(statement_head r)
{
    if (!r.take("create")) {
        return {};
    }
    auto const replaces = r.take_all({"or", "replace"});
    r.take_any({"global", "local"});
    if (r.take_any({"temporary", "temp"})) {
        return {};
    }
    r.take_any({"unlogged", "unique", "recursive", "materialized", "foreign"});
    if (r.take("index")) {
        return index_of(r);
    }
    if (!r.take_any({"table", "view"})) {
        return {};
    }
    auto const must_be_new = !r.take_all({"if", "not", "exists"}) && !replaces;
    return {r.take_relation(), must_be_new};
}

// A statement after which everything is as before it, but for what it says that it makes.
bool changes_nothing_else(statement_head r)
{
    if (r.take_any({"begin", "start", "comment"})) {
        return true;
    }
    if (!r.take("create")) {
        return false;
    }
    r.take_all({"or", "replace"});
    r.take_any({"unlogged", "unique", "recursive", "materialized", "foreign"});
    return r.take_any(
        {"table", "view", "index", "sequence", "type", "domain", "schema", "function", "procedure"});
}

} // namespace

std::vector<relation_name> created_relations(std::string_view script)
{
    std::vector<relation_name> found;
    for (auto const& each : scan(script).statements) {
        auto const tokens = first_tokens(script, each, enough);
        auto made = created_by(statement_head{tokens}).relation;
        if (!made.name.empty()) {
            found.push_back(std::move(made));
        }
    }
    return found;
}

std::vector<creation> first_creations(std::string_view script)
{
    std::vector<creation> found;
    for (auto const& each : scan(script).statements) {
        auto const tokens = first_tokens(script, each, enough);
        if (!changes_nothing_else(statement_head{tokens})) {
            break;
        }
        if (auto made = created_by(statement_head{tokens}); !made.relation.name.empty()) {
            found.push_back(std::move(made));
        }
    }
    return found;
}

} // namespace schemagate::lexer
