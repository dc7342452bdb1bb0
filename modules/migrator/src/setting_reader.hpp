// One setting at a time: a variable's text → a value, or a refusal that names it.
//
// A place answers the variables; the command line lets its flags answer in their stead.
#pragma once

#include <chrono>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemagate/failure.hpp"
#include "schemagate/place.hpp"
#include "schemagate/secret.hpp"
#include "schemagate/settings.hpp"

namespace schemagate {

[[nodiscard]] failure invalid_setting(std::string const& name, std::string_view value,
                                      std::string const& problem, std::string fix);

/// The example is the word that is nearest to the value, else `otherwise`.
[[nodiscard]] failure invalid_choice(std::string const& name, std::string_view value,
                                     std::vector<std::string_view> const& words, std::string_view otherwise);

/// Reads single settings; each throws failure{errc::setting_invalid} that names the variable, what is wrong
/// with its value, and an example. What is not set leaves its field alone.
class setting_reader
{
public:
    explicit setting_reader(place const& where) : where_{where} {}

    /// `otherwise`: what the example says where the value is near to none of the words; the first if empty.
    /// Never a word that switches a protection off, for a person may follow it.
    template <class Choice>
    void choice(std::string const& name, Choice& field,
                std::initializer_list<std::pair<std::string_view, Choice>> allowed,
                std::string_view otherwise = {}) const
    {
        auto const value = where_.variable(name);
        if (!value) {
            return;
        }
        std::vector<std::string_view> words;
        for (auto const& [word, meaning] : allowed) {
            if (*value == word) {
                field = meaning;
                return;
            }
            words.push_back(word);
        }
        throw invalid_choice(name, *value, words, otherwise.empty() ? words.front() : otherwise);
    }

    void duration(std::string const& name, std::chrono::milliseconds& field,
                  std::string const& example) const;

    void lock_timeout(std::string const& name, std::chrono::milliseconds& field) const;

    void schema(std::string const& name, std::string& field) const;

    void codes(std::string const& name, std::set<std::string>& field) const;

    void role(std::string const& name, std::string& field) const;

    // RFC 6750, section 2.1: the characters that a bearer token may have.
    void token(std::string const& name, secret& field) const;

    [[nodiscard]] std::vector<std::string> unknown(std::span<std::string_view const> known) const;

private:
    place const& where_;
};

} // namespace schemagate
