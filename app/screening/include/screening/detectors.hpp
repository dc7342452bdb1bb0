// What we can find without being told a pattern. All of it reads folded text, in linear time.
//
//   SSN            three, two and four digits with hyphens or spaces; area 000, 666 and 9xx, group 00 and
//   serial 0000
//                  were never issued (Social Security Administration, POMS RM 10201.035)
//   CREDIT_CARD    an issuer's prefix, a length of that issuer, and the check digit of ISO/IEC 7812-1 (Luhn);
//   bare, or
//                  with spaces, hyphens or points where cards have them
//   PHONE_NUMBER   a country code (+, 00, 011) with as many digits as the country has (ITU-T E.164), or a
//   national
//                  number grouped as its country does; a shorter or rarer grouping after a word such as
//                  "phone". Digits alone, without a country code, never are one
//   EMAIL_ADDRESS  local@domain.tld; neither the user of a URL or of git nor a file name such as icon@2x.png
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "screening/folded_text.hpp"

namespace app {

enum class known_entity
{
    ssn,
    credit_card,
    phone_number,
    email_address
};

/// The entity of this name: SSN, CREDIT_CARD, PHONE_NUMBER, EMAIL_ADDRESS, or another customary name of one
/// of them (US_SSN, EMAIL, PHONE …), in capitals or not.
std::optional<known_entity> entity_named(std::string_view name);

std::string_view name_of(known_entity entity);

/// A folded text, for several questions about it by one thread: what all of them need is worked out once.
class detection
{
public:
    /// Keeps the reference.
    explicit detection(folded_text const& folded);
    ~detection();
    detection(detection const&) = delete;
    detection& operator=(detection const&) = delete;

    /// All of one entity, as ranges of the folded text: in order, none overlapping another.
    [[nodiscard]] std::vector<text_range> find(known_entity entity) const;

    /// What of this range, which somebody's pattern fits, really is such an entity; nothing if it is none.
    /// The rules are those of find(), but for the grouping, which is the pattern's: a telephone number needs
    /// a separator or a country code all the same.
    [[nodiscard]] std::optional<text_range> confirmed(known_entity entity, text_range candidate) const;

private:
    struct known;
    folded_text const& folded_;
    std::unique_ptr<known> known_;
};

/// The check digit of ISO/IEC 7812-1, over the ASCII digits of a text; false if it has less than two.
bool passes_luhn(std::string_view text);

} // namespace app
