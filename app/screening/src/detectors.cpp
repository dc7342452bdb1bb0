#include "screening/detectors.hpp"

#include <algorithm>
#include <utility>

#include "digit_groups.hpp"
#include "entity_rules.hpp"

namespace app {

namespace {

struct entity_name
{
    std::string_view name;
    known_entity entity;
};

// Our own name of each comes first.
constexpr entity_name names[] = {
    {"SSN", known_entity::ssn},
    {"CREDIT_CARD", known_entity::credit_card},
    {"PHONE_NUMBER", known_entity::phone_number},
    {"EMAIL_ADDRESS", known_entity::email_address},
    {"US_SSN", known_entity::ssn},
    {"SOCIAL_SECURITY_NUMBER", known_entity::ssn},
    {"CREDIT_CARD_NUMBER", known_entity::credit_card},
    {"CARD_NUMBER", known_entity::credit_card},
    {"PHONE", known_entity::phone_number},
    {"TELEPHONE_NUMBER", known_entity::phone_number},
    {"EMAIL", known_entity::email_address},
};

char in_capitals(char byte)
{
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}

} // namespace

std::optional<known_entity> entity_named(std::string_view name)
{
    auto const* const found = std::find_if(std::begin(names), std::end(names), [&](entity_name const& one) {
        return std::equal(name.begin(), name.end(), one.name.begin(), one.name.end(),
                          [](char given, char ours) { return in_capitals(given) == ours; });
    });
    return found == std::end(names) ? std::nullopt : std::optional{found->entity};
}

std::string_view name_of(known_entity entity)
{
    auto const* const found = std::find_if(std::begin(names), std::end(names),
                                           [&](entity_name const& one) { return one.entity == entity; });
    return found->name;
}

std::string digits_of(std::string_view text)
{
    auto digits = std::string{};
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char byte) { return byte >= '0' && byte <= '9'; });
    return digits;
}

struct detection::known
{
    explicit known(std::string_view text) : groups{text} {}

    std::vector<text_range> const& emails(folded_text const& folded)
    {
        if (!emails_) {
            emails_ = find_emails(folded);
        }
        return *emails_;
    }

    digit_groups groups;

private:
    std::optional<std::vector<text_range>> emails_;
};

detection::detection(folded_text const& folded)
    : folded_{folded}, known_{std::make_unique<known>(folded.text())}
{}

detection::~detection() = default;

std::vector<text_range> detection::find(known_entity entity) const
{
    switch (entity) {
    case known_entity::ssn: return find_ssns(folded_, known_->groups);
    case known_entity::credit_card: return find_cards(folded_, known_->groups);
    case known_entity::phone_number: return find_phones(folded_, known_->groups);
    case known_entity::email_address: return known_->emails(folded_);
    }
    return {};
}

std::optional<text_range> detection::confirmed(known_entity entity, text_range candidate) const
{
    auto const if_so = [&](bool so) { return so ? std::optional{candidate} : std::nullopt; };
    switch (entity) {
    case known_entity::ssn: return if_so(is_ssn(folded_, candidate));
    case known_entity::credit_card: return if_so(is_card(folded_, known_->groups, candidate));
    case known_entity::phone_number: return confirmed_phone(folded_, known_->groups, candidate);
    case known_entity::email_address: return confirmed_email(folded_, known_->emails(folded_), candidate);
    }
    return {};
}

} // namespace app
