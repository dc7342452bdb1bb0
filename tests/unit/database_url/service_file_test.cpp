// A connection service as libpq 15 reads it, and what is said where libpq would not connect at all. What it
// sets is compared with libpq in tests/unit/libpq.
#include "catch.hpp"
#include "diagnosis.hpp"

namespace {

std::string codes_with(std::string const& service, std::string const& content)
{
    auto place = fake_place{{"PGSERVICE", service}, {"PGSERVICEFILE", "/services"}};
    if (!content.empty())
        place.contents["/services"] = content;
    return codes(diagnose("postgresql://db:5432/shop?user=ann", place));
}

} // namespace

TEST_CASE("a service that libpq cannot read is refused, since libpq would not connect", "[service]")
{
    CHECK(codes_with("s", "[s]\nhost=h\n").empty());
    CHECK(codes_with("s", "") == "refuse service-file-refused"); // PGSERVICEFILE names no file
    CHECK(codes_with("s", "[s]\nhost\n") == "refuse service-file-refused");
    CHECK(codes_with("s", "[s]\nhost = h\n") == "refuse service-file-refused"); // the keyword is "host "
    CHECK(codes_with("s", "[s]\nservice=t\n[t]\n") == "refuse service-file-refused");
    CHECK(codes_with("s", "# " + std::string(1021, 'x') + "\n[s]\n") == "refuse service-file-refused");
    CHECK(codes_with("s", "[t]\nhost\n[s]\nhost=h\n").empty()); // another service's lines are not read
}

TEST_CASE("an empty PGSERVICE is the name of a service to libpq, and none has it", "[service]")
{
    CHECK(codes_with("", "[s]\nhost=h\n") == "warn service-not-found");
    CHECK(codes_with("", "[]\nhost=h\n").empty());
    CHECK(codes_with("a]b", "[a]b]\nhost=h\n").empty());
    CHECK(codes_with("s", "[s]\nldap://directory/x?y?z?(a=b)\n") == "warn service-not-found");
}
