// How many digits telephone numbers of a country have.
#pragma once

#include <string_view>

namespace app {

/// True if these digits (a country code and a national number, without + or 00) are as long as a number of
/// that country. ITU-T E.164 and its list of country codes, and the national numbering plans.
bool is_international_number(std::string_view digits);

/// True if they begin with a whole country code that is given out.
bool begins_with_country_code(std::string_view digits);

/// True if they begin with a country code that is given out, and number 10 to 15, the most that E.164 allows.
bool has_country_code(std::string_view digits);

} // namespace app
