#include "tls_word.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

// PostgreSQL documentation, "34.1.2 Parameter Key Words": each asks for more than the one before it.
constexpr auto modes =
    std::array<std::string_view, 6>{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};

struct tls_word
{
    std::string_view word;
    std::string_view sslmode;
};

constexpr auto words = std::array{
    tls_word{"false", "disable"},
    tls_word{"0", "disable"},
    tls_word{"no", "disable"},
    tls_word{"off", "disable"},
    tls_word{"true", "require"}, // libpq's own meaning of ssl=true
    tls_word{"1", "require"},
    tls_word{"yes", "require"},
    tls_word{"on", "require"},
    tls_word{"required", "require"},
    tls_word{"no-verify", "require"},            // node-postgres
    tls_word{"accept_invalid_certs", "require"}, // Prisma's sslaccept
    tls_word{"strict", "verify-full"},
    tls_word{"org.postgresql.ssl.nonvalidatingfactory", "require"}, // JDBC's sslfactory
    tls_word{"org.postgresql.ssl.defaultjavasslfactory", "verify-full"},
};

} // namespace

std::string_view sslmode_of(std::string_view word)
{
    auto const folded = lowered(word);
    auto const own = std::find(modes.begin(), modes.end(), folded);
    if (own != modes.end())
        return *own;
    auto const found =
        std::find_if(words.begin(), words.end(), [&](auto const& one) { return one.word == folded; });
    return found == words.end() ? std::string_view{} : found->sslmode;
}

std::string_view stricter_sslmode(std::string_view a, std::string_view b)
{
    auto const rank = [](std::string_view mode) {
        auto const found = std::find(modes.begin(), modes.end(), mode);
        return found == modes.end() ? -1 : found - modes.begin();
    };
    return rank(a) < rank(b) ? b : a;
}

} // namespace schemagate::url
