// A bucket for each key: a burst at once, then as many as come back.
#include "catch.hpp"
#include "route/rate_limit.hpp"

using namespace std::chrono_literals;

TEST_CASE("a key has its burst at once, then so many each second, and others have their own", "[route]")
{
    app::rate_limit limit{2, 5};
    auto const begin = app::rate_limit::clock::now();
    for (int i = 0; i < 5; ++i) {
        CHECK(limit.take("a", begin) == 0);
    }
    CHECK(limit.take("a", begin) == 1);
    CHECK(limit.take("b", begin) == 0);
    CHECK(limit.take("a", begin + 499ms) == 1);
    CHECK(limit.take("a", begin + 500ms) == 0);
    CHECK(limit.take("a", begin + 500ms) == 1);
    // What was not used is kept, but no more than the burst.
    int taken = 0;
    while (limit.take("a", begin + 1h) == 0) {
        ++taken;
    }
    CHECK(taken == 5);
    // A clock that was read earlier gives nothing back twice.
    CHECK(limit.take("a", begin) != 0);
    CHECK(limit.take("a", begin + 1h) != 0);
}
