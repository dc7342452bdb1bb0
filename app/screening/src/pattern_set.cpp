#include "pattern_set.hpp"

#include "pattern.hpp"

namespace app {

pattern_set::pattern_set(std::vector<pattern const*> const& all) : has_patterns_{!all.empty()}
{
    if (!has_patterns_) {
        return;
    }
    auto const set = std::make_shared<RE2::Set>(all.front()->expression().options(), RE2::UNANCHORED);
    for (auto const* const one : all) {
        if (one->expression().options().case_sensitive() !=
                all.front()->expression().options().case_sensitive() ||
            set->Add(one->expression().pattern(), nullptr) < 0) {
            return;
        }
    }
    if (set->Compile()) {
        set_ = set;
    }
}

bool pattern_set::may_find(std::string_view text) const
{
    if (!has_patterns_ || !set_) {
        return has_patterns_;
    }
    auto why_not = RE2::Set::ErrorInfo{RE2::Set::kNoError};
    return set_->Match(re2::StringPiece{text.data(), text.size()}, nullptr, &why_not) ||
           why_not.kind != RE2::Set::kNoError;
}

} // namespace app
