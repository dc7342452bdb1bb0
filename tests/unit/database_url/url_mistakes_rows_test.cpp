// No row of the document is left out: it has an entry before connecting, after it, or both.
#include <set>

#include "document_row.hpp"

namespace {

struct table_of_rows
{
    std::string before; ///< what the numbers of its rows begin with
    int rows;
};

// "2. The mistakes" with its three rows marked "+", "1.4 Accepted silently" and "1.5 Versions".
auto const tables = std::vector<table_of_rows>{{"#", 44}, {"#+", 3}, {"1.4/", 20}, {"1.5/", 3}};

} // namespace

TEST_CASE("every row of the document has an entry", "[url_mistakes]")
{
    auto seen = std::set<std::string>{};
    for (auto const& list :
         {mistakes_of_way(), mistakes_of_text(), mistakes_of_parameters(), mistakes_taken_silently()})
        for (auto const& one : list)
            seen.insert(one.row);
    for (auto const& one : attempts_by_row())
        seen.insert(one.row);

    auto known = std::set<std::string>{"after"}; // cases of part 4 and of poolers, which have no number
    for (auto const& [before, rows] : tables)
        for (auto number = 1; number <= rows; ++number) {
            auto const row = before + std::to_string(number);
            INFO(row);
            CHECK(seen.count(row) == 1);
            known.insert(row);
        }
    for (auto const& row : seen) {
        INFO(row);
        CHECK(known.count(row) == 1); // an entry under a number that no row has is a slip
    }
}
