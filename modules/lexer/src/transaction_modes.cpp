#include "schemagate/transaction_modes.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::size_t tokens_max = 24; // all modes, each of them once

constexpr std::array<std::string_view, 4> levels{"SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED",
                                                 "READ UNCOMMITTED"};

std::string level_of_words(statement_head& head)
{
    if (head.take("serializable")) {
        return "SERIALIZABLE";
    }
    if (head.take_all({"repeatable", "read"})) {
        return "REPEATABLE READ";
    }
    if (head.take_all({"read", "committed"})) {
        return "READ COMMITTED";
    }
    return head.take_all({"read", "uncommitted"}) ? "READ UNCOMMITTED" : "";
}

// 'repeatable read', with the quotes.
std::string level_of_string(std::string_view quoted)
{
    std::string value{quoted};
    std::erase(value, '\'');
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::find(levels.begin(), levels.end(), value) == levels.end() ? std::string{} : value;
}

void read_modes(statement_head& head, transaction_modes& into)
{
    while (!head.at_end()) {
        if (head.take_all({"isolation", "level"})) {
            into.isolation = level_of_words(head);
        }
        else if (head.take_all({"read", "only"})) {
            into.read_only = true;
        }
        else if (head.take_all({"not", "deferrable"})) {
            into.deferrable = false;
        }
        else if (head.take("deferrable")) {
            into.deferrable = true;
        }
        else {
            head.skip(); // READ WRITE, a comma
        }
    }
}

} // namespace

transaction_modes transaction_modes_of(std::string_view script, statement const& s)
{
    transaction_modes modes;
    auto const tokens = first_tokens(script, s, tokens_max);
    auto head = statement_head{tokens};
    if (head.take("begin") || head.take_all({"start", "transaction"}) ||
        head.take_all({"set", "transaction"}) || head.take_all({"set", "local", "transaction"})) {
        read_modes(head, modes);
        return modes;
    }
    if (!head.take("set")) {
        return modes;
    }
    head.take_any({"local", "session"});
    if (head.take("transaction_isolation") && (head.take("to") || head.take_symbol('='))) {
        modes.isolation = head.at_string() ? level_of_string(head.front().text) : level_of_words(head);
    }
    return modes;
}

std::string isolation_level(std::string_view script)
{
    for (auto const& each : scan(script).statements) {
        if (auto const modes = transaction_modes_of(script, each); !modes.isolation.empty()) {
            return modes.isolation;
        }
    }
    return {};
}

} // namespace schemagate::lexer
