#include "screening/screen.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

#include "clusters.hpp"
#include "guardrail_config.hpp"

namespace app {

namespace {

/// A text, and its foldings as far as they were asked for.
class readings
{
public:
    explicit readings(std::string_view text) : text_{text} {}

    [[nodiscard]] std::string_view original() const { return text_; }

    folded_text const& folded(folding how)
    {
        auto& one = folded_[index(how)];
        if (!one) {
            one.emplace(text_, how);
        }
        return *one;
    }

    /// In the full folding, which detectors read.
    detection const& detected()
    {
        if (!detection_) {
            detection_.emplace(folded({}));
        }
        return *detection_;
    }

private:
    static std::size_t index(folding how)
    {
        return (how.white_space ? 1U : 0U) + (how.look_alikes ? 2U : 0U);
    }

    std::string_view text_;
    std::array<std::optional<folded_text>, 4> folded_;
    std::optional<detection> detection_;
};

/// What of a range of the original really is a match of the rule.
std::optional<text_range> confirmed(screening_rule const& rule, readings& text, text_range range)
{
    if (rule.luhn &&
        !passes_luhn(folded_text{text.original().substr(range.begin, range.end - range.begin)}.text())) {
        return std::nullopt;
    }
    if (!rule.known) {
        return range;
    }
    auto const& folded = text.folded({});
    auto const confirmed = text.detected().confirmed(*rule.known, folded.folded(range));
    return confirmed ? std::optional{folded.original(*confirmed)} : std::nullopt;
}

void find_all(screening_rule const& rule, readings& text, std::vector<match>& found)
{
    auto const take = [&](text_range range) {
        auto const really = confirmed(rule, text, range);
        if (really) {
            found.push_back({rule.entity, really->begin, really->end});
        }
        return really.has_value();
    };
    if (rule.original_text) {
        rule.expression.each_match(text.original(), take);
    }
    auto const& folded = text.folded(rule.how);
    if (!rule.original_text || !folded.unchanged()) {
        rule.expression.each_match(folded.text(),
                                   [&](text_range range) { return take(folded.original(range)); });
    }
}

/// Whether some rule finds something, before a match is confirmed.
bool may_find(guardrail_config const& config, readings& text)
{
    return config.any_rule.may_find(text.original()) ||
           std::any_of(config.foldings.begin(), config.foldings.end(), [&](folding how) {
               auto const& folded = text.folded(how);
               return !folded.unchanged() && config.any_rule.may_find(folded.text());
           });
}

std::vector<match> find_once(guardrail_config const& config, std::string_view original)
{
    auto text = readings{original};
    auto found = std::vector<match>{};
    for (auto const entity : config.detectors) {
        for (auto const& range : text.detected().find(entity)) {
            auto const from = text.folded({}).original(range);
            found.push_back({std::string{name_of(entity)}, from.begin, from.end});
        }
    }
    if (may_find(config, text)) {
        for (auto const& rule : config.rules) {
            find_all(rule, text, found);
        }
    }
    return merged_by_entity(std::move(found));
}

/// The text with placeholders, and where each of its pieces was in the original.
class masked_text
{
public:
    masked_text(std::string_view original, std::vector<match> const& taken_out)
    {
        auto copied = std::size_t{0};
        for (auto const& one : clusters(taken_out)) {
            keep(original, copied, one.begin);
            text_ += placeholder(one.entity);
            copied = one.end;
        }
        keep(original, copied, original.size());
    }

    [[nodiscard]] std::string const& text() const { return text_; }

    /// The same match in the original; nothing if a placeholder is part of it.
    [[nodiscard]] std::optional<match> original(match one) const
    {
        auto const after =
            std::upper_bound(pieces_.begin(), pieces_.end(), one.begin,
                             [](std::size_t offset, piece const& each) { return offset < each.begin; });
        if (after == pieces_.begin() || one.end > std::prev(after)->end) {
            return std::nullopt;
        }
        auto const& from = *std::prev(after);
        one.begin = one.begin - from.begin + from.original;
        one.end = one.end - from.begin + from.original;
        return one;
    }

private:
    struct piece
    {
        std::size_t begin;
        std::size_t end;
        std::size_t original;
    };

    void keep(std::string_view original, std::size_t begin, std::size_t end)
    {
        if (begin < end) {
            pieces_.push_back({text_.size(), text_.size() + (end - begin), begin});
            text_.append(original, begin, end - begin);
        }
    }

    std::string text_;
    std::vector<piece> pieces_;
};

/// What was joined to a match, and so was no token of its own, is one once the match is taken out. Each round
/// is another look at what is left; that a third finds something takes a text made for it.
std::vector<match> find_in_rounds(guardrail_config const& config, std::string_view original)
{
    constexpr auto round_count_max = 8;
    auto found = find_once(config, original);
    for (auto round = 1, fresh = static_cast<int>(!found.empty()); fresh != 0 && round < round_count_max;
         ++round) {
        auto const masked = masked_text{original, found};
        fresh = 0;
        for (auto& one : find_once(config, masked.text())) {
            if (auto more = masked.original(std::move(one))) {
                found.push_back(std::move(*more));
                fresh = 1;
            }
        }
    }
    return merged_by_entity(std::move(found));
}

} // namespace

screen::screen(std::shared_ptr<guardrail_config const> config) : config_{std::move(config)} {}

screen screen::compile(std::string_view guardrail_type, boost::json::object const& config)
{
    return screen{std::make_shared<guardrail_config const>(read_guardrail_config(guardrail_type, config))};
}

bool screen::effective() const noexcept
{
    return !config_->detectors.empty() || !config_->rules.empty();
}

std::vector<match> screen::find(std::string_view utf8) const
{
    try {
        return find_in_rounds(*config_, utf8);
    }
    catch (screening_failed const&) {
        throw;
    }
    catch (std::exception const& reason) { // memory, above all
        throw screening_failed{std::string{"The text could not be screened: "} + reason.what()};
    }
}

} // namespace app
