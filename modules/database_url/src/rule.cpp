#include "rule.hpp"

#include <algorithm>

#include "inspection.hpp"

namespace schemagate::url {

namespace {

std::string word_for(std::string_view slot, hit const& found, inspection const& i)
{
    auto const own = std::find_if(found.words.begin(), found.words.end(),
                                  [&](auto const& word) { return word.first == slot; });
    if (own != found.words.end())
        return own->second;
    if (slot == "name")
        return i.name;
    if (slot == "here")
        return i.here();
    if (slot.starts_with("model "))
        return i.model(slot.substr(6));
    return "{" + std::string{slot} + "}"; // a brace of the sentence itself
}

std::string filled(std::string_view sentence, hit const& found, inspection const& i)
{
    auto result = std::string{};
    while (!sentence.empty()) {
        auto const open = sentence.find('{');
        auto const close = sentence.find('}', open);
        if (close == sentence.npos)
            return result.append(sentence);
        result += sentence.substr(0, open);
        result += word_for(sentence.substr(open + 1, close - open - 1), found, i);
        sentence.remove_prefix(close + 1);
    }
    return result;
}

} // namespace

finding made_of(rule const& one, hit const& found, inspection const& i)
{
    return {std::string{one.code}, found.as.value_or(one.severity), filled(one.message, found, i),
            filled(one.fix, found, i)};
}

void apply_all(std::span<rule const> rules, inspection& i)
{
    for (auto const& one : rules)
        for (auto const& found : one.find(i))
            i.findings.push_back(made_of(one, found, i));
}

bool apply_first(std::span<rule const> rules, inspection& i)
{
    for (auto const& one : rules)
        if (auto const found = one.find(i); !found.empty()) {
            for (auto const& each : found)
                i.findings.push_back(made_of(one, each, i));
            return true;
        }
    return false;
}

} // namespace schemagate::url
