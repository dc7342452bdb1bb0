#include "database/sql_time.hpp"

#include <chrono>
#include <cstdio>

namespace app {

std::string to_sql_time(unix_microseconds at)
{
    using namespace std::chrono;
    constexpr auto first = sys_time<microseconds>{sys_days{year{1} / January / 1}};
    constexpr auto after = sys_time<microseconds>{sys_days{year{10000} / January / 1}};
    sys_time<microseconds> const moment{microseconds{at}};
    if (moment < first) {
        return "-infinity";
    }
    if (moment >= after) {
        return "infinity";
    }
    auto const day = floor<days>(moment);
    year_month_day const date{day};
    hh_mm_ss const time{moment - day};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d+00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

std::string microseconds_of(std::string const& column)
{
    return "case when isfinite(" + column + ") then (extract(epoch from " + column +
           ") * 1000000)::bigint when " + column + " = 'infinity' then '9223372036854775807'::bigint when " +
           column + " = '-infinity' then '-9223372036854775808'::bigint end";
}

} // namespace app
