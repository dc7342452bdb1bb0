#include "phone_countries.hpp"

#include <algorithm>
#include <iterator>

namespace app {

namespace {

struct country
{
    std::string_view code;
    unsigned char shortest; ///< digits, with the country code
    unsigned char longest;
};

// Countries whose lengths are known here. The others have 8 to 15.
constexpr country countries[] = {
    {"1", 11, 11},   {"7", 11, 11},   {"20", 10, 12},  {"27", 11, 11},  {"30", 12, 12},  {"31", 11, 11},
    {"32", 10, 11},  {"33", 11, 11},  {"34", 11, 11},  {"36", 10, 11},  {"39", 9, 13},   {"40", 11, 11},
    {"41", 11, 11},  {"43", 9, 15},   {"44", 11, 12},  {"45", 10, 10},  {"46", 9, 12},   {"47", 10, 10},
    {"48", 11, 11},  {"49", 9, 14},   {"51", 10, 11},  {"52", 12, 13},  {"53", 8, 10},   {"54", 12, 13},
    {"55", 12, 13},  {"56", 11, 11},  {"57", 10, 12},  {"58", 12, 12},  {"60", 10, 12},  {"61", 11, 11},
    {"62", 10, 14},  {"63", 10, 12},  {"64", 10, 12},  {"65", 10, 10},  {"66", 10, 11},  {"81", 11, 12},
    {"82", 10, 12},  {"84", 11, 12},  {"86", 11, 13},  {"90", 12, 12},  {"91", 12, 12},  {"92", 11, 12},
    {"93", 11, 11},  {"94", 11, 11},  {"95", 9, 12},   {"98", 12, 12},  {"212", 12, 12}, {"213", 11, 12},
    {"216", 11, 11}, {"233", 12, 12}, {"234", 11, 13}, {"254", 11, 12}, {"255", 12, 12}, {"256", 12, 12},
    {"351", 12, 12}, {"353", 10, 12}, {"354", 10, 10}, {"356", 11, 11}, {"357", 11, 11}, {"370", 11, 11},
    {"371", 11, 11}, {"372", 10, 11}, {"375", 12, 12}, {"380", 12, 12}, {"381", 11, 13}, {"385", 11, 12},
    {"386", 11, 11}, {"420", 12, 12}, {"421", 12, 12}, {"852", 11, 11}, {"853", 11, 11}, {"855", 11, 12},
    {"880", 11, 13}, {"886", 11, 12}, {"961", 10, 11}, {"965", 11, 11}, {"966", 11, 12}, {"968", 11, 11},
    {"971", 11, 12}, {"972", 11, 12}, {"973", 11, 11}, {"974", 11, 11}, {"977", 11, 13}, {"994", 12, 12},
    {"995", 12, 12}, {"996", 12, 12}, {"998", 12, 12}, {"290", 7, 8},   {"683", 7, 10},  {"690", 7, 7},
};

// Country codes of two digits are those of the table and none else: the other beginnings have three.
constexpr std::string_view beginnings_of_three[] = {"21", "22", "23", "24", "25", "26", "29", "35",
                                                    "37", "38", "42", "50", "59", "67", "68", "69",
                                                    "80", "85", "87", "88", "96", "97", "99"};

constexpr auto longest_number = std::size_t{15};

country const* country_of(std::string_view digits)
{
    static constexpr country other{"", 8, longest_number};
    auto const* const known = std::find_if(std::begin(countries), std::end(countries),
                                           [&](country const& one) { return digits.starts_with(one.code); });
    if (known != std::end(countries)) {
        return known;
    }
    auto const assigned = std::any_of(std::begin(beginnings_of_three), std::end(beginnings_of_three),
                                      [&](std::string_view one) { return digits.starts_with(one); });
    return assigned && digits.size() >= 3 ? &other : nullptr;
}

} // namespace

bool is_international_number(std::string_view digits)
{
    auto const* const from = country_of(digits);
    return from != nullptr && digits.size() >= from->shortest && digits.size() <= from->longest;
}

bool begins_with_country_code(std::string_view digits)
{
    return country_of(digits) != nullptr;
}

bool has_country_code(std::string_view digits)
{
    return country_of(digits) != nullptr && digits.size() >= 10 && digits.size() <= longest_number;
}

} // namespace app
