// A guardrail's config, compiled: finds personal data, prompt injection and a user's own patterns in a text.
//
// The config, by type of guardrail:
//
//   pii_detection     entity_types: which of our detectors to use (detectors.hpp); names that we have no
//   detector for
//                     are left to the patterns. With neither entity_types nor patterns: all detectors.
//                     patterns: the user's own
//   prompt_injection  patterns, case-insensitive unless case_sensitive says true. A string is looked for as
//   it is, and
//                     also as a regular expression if it is written like one
//   content_policy    patterns
//   toxic_content     nothing is found: there is no detector
//
// A pattern is a regular expression (RE2) as a string, or {"regex", "entity"?, "validate"?: "luhn"}, or
// {"literal"}. `patterns` may also be an object of them, by entity. Lists under other customary names are
// taken, too: regexes; strings, literals, substrings, phrases, keywords … (each literal).
//
// A pattern reads the text as it is, and folded (folded_text.hpp); fold_whitespace: false keeps white space
// in the latter. A pattern with letters of Cyrillic or Greek reads a folded text that keeps these. What a
// pattern finds for one of our entities must be one by our rules: a card number's check digit, and so on. A
// string in the patterns of the earlier system has no entity: it gets the one of entity_types whose examples
// it fits.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "screening/match.hpp"
#include "screening/screening_error.hpp"

namespace app {

struct guardrail_config;

/// Immutable: any thread may use it, copies share their content.
class screen
{
public:
    /// Throws pattern_invalid. Limits: 100 patterns; a pattern 4,096 bytes and 5,000 instructions of RE2.
    static screen compile(std::string_view guardrail_type, boost::json::object const& config);

    /// False if nothing can ever be found: toxic_content, or neither a detector nor a pattern.
    [[nodiscard]] bool effective() const noexcept;

    /// All matches, sorted, those of one entity never overlapping. What is found only once other matches are
    /// taken out of the text is found, too. Time is linear in the text. Throws screening_failed, and nothing
    /// else.
    [[nodiscard]] std::vector<match> find(std::string_view utf8) const;

private:
    explicit screen(std::shared_ptr<guardrail_config const> config);

    std::shared_ptr<guardrail_config const> config_;
};

} // namespace app
