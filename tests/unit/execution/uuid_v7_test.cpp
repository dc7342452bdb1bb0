#include <set>
#include <string>

#include "catch.hpp"
#include "execution/uuid_v7.hpp"

using namespace app;

namespace {

unix_milliseconds at(std::int64_t milliseconds)
{
    return unix_milliseconds{std::chrono::milliseconds{milliseconds}};
}

} // namespace

TEST_CASE("a new id has the form of RFC 9562 and carries its millisecond", "[uuid]")
{
    // The example of RFC 9562, appendix A.6: 0x017F22E279B0.
    auto const id = new_uuid_v7(at(1'645'557'742'000));
    CHECK(id.substr(0, 15) == "017f22e2-79b0-7");
    CHECK(std::string{"89ab"}.find(id[19]) != std::string::npos);
    CHECK(is_uuid(id));
    CHECK(time_of_uuid_v7(id) == at(1'645'557'742'000));
    CHECK(time_of_uuid_v7("017F22E2-79B0-7CC3-98C4-DC0C0C07398F") == at(1'645'557'742'000));
}

TEST_CASE("ids of one millisecond differ, and those of later ones are greater", "[uuid]")
{
    std::set<std::string> ids;
    for (int i = 0; i < 10'000; ++i) {
        ids.insert(new_uuid_v7(at(1'700'000'000'000)));
    }
    CHECK(ids.size() == 10'000);
    CHECK(new_uuid_v7(at(1'700'000'000'001)) > *ids.rbegin());
}

TEST_CASE("what is no UUID of version 7 has no time", "[uuid]")
{
    for (auto const* const text :
         {"", "017f22e2", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e279b07cc398c4dc0c0c07398f",
          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f ",
          "017f22e2x79b0-7cc3-98c4-dc0c0c07398f", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f"}) {
        INFO(text);
        CHECK(time_of_uuid_v7(text) == std::nullopt);
    }
    CHECK(is_uuid("017f22e2-79b0-4cc3-98c4-dc0c0c07398f"));
    CHECK_FALSE(is_uuid("017f22e279b0-4cc3-98c4-dc0c0c07398f-"));
}
