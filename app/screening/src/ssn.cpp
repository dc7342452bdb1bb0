// Social security numbers of the USA.
#include <array>

#include "entity_rules.hpp"
#include "surroundings.hpp"

namespace app {

namespace {

constexpr auto lengths = std::array<unsigned char, 3>{3, 2, 4};

/// Nine digits. Area 000, 666 and 9xx, group 00 and serial 0000 were never given to anybody.
bool was_issued(std::string_view digits)
{
    auto const area = digits.substr(0, 3);
    return area != "000" && area != "666" && area.front() != '9' && digits.substr(3, 2) != "00" &&
           digits.substr(5) != "0000";
}

bool is_ssn_separator(separator between)
{
    return between == separator::space || between == separator::hyphen;
}

} // namespace

std::vector<text_range> find_ssns(folded_text const& folded, digit_groups const& groups)
{
    auto found = std::vector<text_range>{};
    for (auto at = std::size_t{0}; at < groups.size(); ++at) {
        if (!groups.have_lengths(at, lengths) || !is_ssn_separator(groups.before(at + 1)) ||
            !is_ssn_separator(groups.before(at + 2)) || !was_issued(groups.digits(at, 3)) ||
            !stands_alone(folded, groups.range(at, 3), groups.have_spaces(at, 3))) {
            continue;
        }
        found.push_back(groups.range(at, 3));
        at += 2;
    }
    return found;
}

bool is_ssn(folded_text const& folded, text_range candidate)
{
    auto const text =
        std::string_view{folded.text()}.substr(candidate.begin, candidate.end - candidate.begin);
    auto const digits = digits_of(text);
    auto const spaced = text.find(' ') != std::string_view::npos;
    return digits.size() == 9 && was_issued(digits) && stands_alone(folded, candidate, spaced);
}

} // namespace app
