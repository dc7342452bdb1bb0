#include "referenced_relations.hpp"

#include "identifier.hpp"

namespace schemagate::lexer {
namespace {

bool may_reference(statement_head head)
{
    if (head.take("create")) {
        head.take_any({"global", "local"});
        head.take_any({"temporary", "temp", "unlogged"});
        return head.at_word("table") || head.at_word("schema");
    }
    return head.take("alter") && head.at_word("table");
}

// A column list may be of any length. REFERENCES is a reserved word: no name of a column.
std::vector<relation_name> referenced_in(std::string_view text, bool backslash_escapes)
{
    std::vector<relation_name> found;
    constexpr std::size_t name_tokens_max = 12; // a.b.c, each perhaps with UESCAPE
    token_reader reader{text, backslash_escapes};
    for (auto t = reader.next(); t.kind != token_kind::end; t = reader.next()) {
        if (is_word(t, "references")) {
            std::vector<token> name;
            do {
                t = reader.next();
                name.push_back(t);
            } while (name.size() < name_tokens_max && (is_symbol(t, '.') || is_name(t)));
            found.push_back(statement_head{name}.take_relation());
        }
    }
    return found;
}

} // namespace

std::vector<relation_name> referenced_relations(statement_head head, std::string_view text,
                                                bool backslash_escapes)
{
    return may_reference(head) ? referenced_in(text, backslash_escapes) : std::vector<relation_name>{};
}

} // namespace schemagate::lexer
