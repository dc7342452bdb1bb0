// One pair of functions for each entity: find all in a text, and confirm a candidate of somebody's pattern.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digit_groups.hpp"
#include "screening/folded_text.hpp"

namespace app {

std::vector<text_range> find_ssns(folded_text const& folded, digit_groups const& groups);
bool is_ssn(folded_text const& folded, text_range candidate);

std::vector<text_range> find_cards(folded_text const& folded, digit_groups const& groups);
bool is_card(folded_text const& folded, digit_groups const& groups, text_range candidate);

std::vector<text_range> find_phones(folded_text const& folded, digit_groups const& groups);
std::optional<text_range> confirmed_phone(folded_text const& folded, digit_groups const& groups,
                                          text_range candidate);

std::vector<text_range> find_emails(folded_text const& folded);
std::optional<text_range> confirmed_email(folded_text const& folded, std::vector<text_range> const& found,
                                          text_range candidate);

/// The ASCII digits of a text, and nothing else of it.
std::string digits_of(std::string_view text);

/// True if an issuer gives out numbers with this prefix and length, and the check digit is right.
bool is_card_number(std::string_view digits);

} // namespace app
