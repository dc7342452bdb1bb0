// Whether a text holds anything that some of many patterns find: one reading of it instead of one for each.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <re2/set.h>

namespace app {

class pattern;

/// Immutable; any thread may use it.
class pattern_set
{
public:
    /// Of no pattern; finds nothing.
    pattern_set() = default;

    explicit pattern_set(std::vector<pattern const*> const& all);

    /// False only if none of the patterns finds anything in this text. True as well where RE2 cannot tell,
    /// since the automaton of all of them takes more than its memory.
    [[nodiscard]] bool may_find(std::string_view text) const;

private:
    bool has_patterns_ = false;
    std::shared_ptr<RE2::Set const> set_; ///< null: it cannot tell
};

} // namespace app
