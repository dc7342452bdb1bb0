#include "schemagate/created_relations.hpp"

#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

// PostgreSQL folds ASCII letters of an unquoted identifier, and doubles a quote inside a quoted one.
std::string folded(token const& t)
{
    std::string out;
    if (t.kind == token_kind::word) {
        for (char const c : t.text) {
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        return out;
    }
    auto const inner = t.text.substr(1, t.text.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        out += inner[i];
        i += inner[i] == '"' ? 1 : 0;
    }
    return out;
}

bool is_name(token const& t)
{
    return t.kind == token_kind::word || (t.kind == token_kind::quoted_identifier && t.text.starts_with('"'));
}

// The tokens of the statement's head: no name stands behind these.
std::vector<token> head_of(std::string_view statement)
{
    constexpr std::size_t enough = 24;
    std::vector<token> tokens;
    token_reader reader{statement};
    for (auto t = reader.next(); t.kind != token_kind::end && tokens.size() < enough; t = reader.next()) {
        tokens.push_back(t);
    }
    return tokens;
}

class name_reader
{
public:
    explicit name_reader(std::vector<token> tokens) : tokens_{std::move(tokens)} {}

    bool take(std::string_view word)
    {
        auto const found = at_ < tokens_.size() && is_word(tokens_[at_], word);
        at_ += found ? 1 : 0;
        return found;
    }

    bool take_if_not_exists() { return take("if") && take("not") && take("exists"); }

    // a, or a.b, or database.a.b; empty where there is none.
    relation_name name()
    {
        std::vector<std::string> parts;
        while (at_ < tokens_.size() && is_name(tokens_[at_])) {
            parts.push_back(folded(tokens_[at_++]));
            if (at_ >= tokens_.size() || !is_symbol(tokens_[at_], '.')) {
                break;
            }
            ++at_;
        }
        if (parts.empty()) {
            return {};
        }
        return {parts.size() > 1 ? parts[parts.size() - 2] : "", parts.back()};
    }

private:
    std::vector<token> tokens_;
    std::size_t at_ = 0;
};

creation index_of(name_reader& r)
{
    static_cast<void>(r.take("concurrently"));
    auto const must_be_new = !r.take_if_not_exists();
    if (r.take("on")) {
        return {};
    }
    auto name = r.name();
    if (r.take("on")) {
        static_cast<void>(r.take("only"));
        name.schema = r.name().schema;
    }
    return {std::move(name), must_be_new};
}

// Without a name where the statement makes no relation that lasts.
creation created_by(std::string_view statement)
{
    name_reader r{head_of(statement)};
    if (!r.take("create")) {
        return {};
    }
    auto const replaces = r.take("or") && r.take("replace");
    static_cast<void>(r.take("global") || r.take("local"));
    if (r.take("temporary") || r.take("temp")) {
        return {};
    }
    static_cast<void>(r.take("unlogged") || r.take("unique") || r.take("recursive") ||
                      r.take("materialized") || r.take("foreign"));
    if (r.take("index")) {
        return index_of(r);
    }
    if (!r.take("table") && !r.take("view")) {
        return {};
    }
    auto const must_be_new = !r.take_if_not_exists() && !replaces;
    return {r.name(), must_be_new};
}

// A statement after which everything is as before it, but for what it says that it makes.
bool changes_nothing_else(std::string_view statement)
{
    name_reader r{head_of(statement)};
    if (r.take("begin") || r.take("start") || r.take("comment")) {
        return true;
    }
    if (!r.take("create")) {
        return false;
    }
    static_cast<void>(r.take("or") && r.take("replace"));
    static_cast<void>(r.take("unlogged") || r.take("unique") || r.take("recursive") ||
                      r.take("materialized") || r.take("foreign"));
    return r.take("table") || r.take("view") || r.take("index") || r.take("sequence") || r.take("type") ||
           r.take("domain") || r.take("schema") || r.take("function") || r.take("procedure");
}

} // namespace

std::vector<relation_name> created_relations(std::string_view script)
{
    std::vector<relation_name> found;
    for (auto const& each : scan(script).statements) {
        auto made = created_by(script.substr(each.offset, each.length)).relation;
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
        auto const text = script.substr(each.offset, each.length);
        if (!changes_nothing_else(text)) {
            break;
        }
        if (auto made = created_by(text); !made.relation.name.empty()) {
            found.push_back(std::move(made));
        }
    }
    return found;
}

} // namespace schemagate::lexer
