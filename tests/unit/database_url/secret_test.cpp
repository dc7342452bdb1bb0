#include "schemagate/secret.hpp"

#include <sstream>
#include <type_traits>

#include "catch.hpp"

using schemagate::secret;

namespace {

template <class T, class = void>
struct printable : std::false_type
{};
template <class T>
struct printable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<T const&>())>>
    : std::true_type
{};

} // namespace

TEST_CASE("a secret cannot be streamed or compared", "[secret]")
{
    STATIC_REQUIRE_FALSE(printable<secret>::value);
    STATIC_REQUIRE(printable<std::string>::value);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<secret>);
}

TEST_CASE("a secret is copied and moved like a value, and a moved-from one is empty", "[secret]")
{
    for (auto const* text : {"", "p", "fifteen bytes !", "rather longer than any short string buffer"}) {
        auto a = secret{text};
        auto b = a;
        auto c = std::move(a);
        CHECK(a.empty()); // NOLINT: the promise under test
        CHECK(b.reveal() == text);
        CHECK(c.reveal() == text);
        b = secret{"another one, that is longer than the first"};
        c = b;
        CHECK(c.reveal() == b.reveal());
        auto& itself = c;
        c = itself;
        CHECK(c.reveal() == b.reveal());
        c = std::move(b);
        CHECK(b.empty()); // NOLINT
    }
}

TEST_CASE("a moved-from secret keeps no byte in its short buffer", "[secret]")
{
    auto a = secret{"hunter2"};
    auto const* const bytes = a.reveal().data();
    auto const b = std::move(a);
    CHECK(std::string(bytes, 7) == std::string(7, '\0'));
    CHECK(b.reveal() == "hunter2");
}
