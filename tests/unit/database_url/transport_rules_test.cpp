// SCHEMAGATE_TLS: what is asked of TCP to a host that is not local.
#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::tls_policy;

namespace {

// "warn tls-not-required", or "" if TLS is no matter.
std::string judged(std::string const& text, tls_policy policy, fake_place const& where = {})
{
    for (auto const& one : diagnose(text, where, {{}, {}, policy}).findings)
        if (one.code.starts_with("tls-"))
            return std::string{name(one.severity)} + " " + one.code;
    return {};
}

std::string with(std::string const& sslmode)
{
    return "postgresql://u:S3cret@db.example.com:5432/db?sslmode=" + sslmode;
}

} // namespace

TEST_CASE("SCHEMAGATE_TLS=warn only warns where TLS is not required", "[transport]")
{
    for (auto const* mode : {"disable", "allow", "prefer"})
        CHECK(judged(with(mode), tls_policy::warn) == "warn tls-not-required");
    CHECK(judged("postgresql://u:p@10.0.0.3:5432/db", tls_policy::warn) == "warn tls-not-required");
    for (auto const* mode : {"require", "verify-ca", "verify-full"})
        CHECK(judged(with(mode), tls_policy::warn).empty());
}

TEST_CASE("SCHEMAGATE_TLS=require refuses what may end in plain text", "[transport]")
{
    for (auto const* mode : {"disable", "allow", "prefer"})
        CHECK(judged(with(mode), tls_policy::require) == "refuse tls-not-required");
    for (auto const* mode : {"require", "verify-ca", "verify-full"})
        CHECK(judged(with(mode), tls_policy::require).empty());
    CHECK(judged("postgresql://u:p@h:5432/db?gssencmode=require", tls_policy::require).empty());
}

TEST_CASE("SCHEMAGATE_TLS=verify refuses a certificate that nobody verifies", "[transport]")
{
    CHECK(judged(with("prefer"), tls_policy::verify) == "refuse tls-not-required");
    CHECK(judged(with("require"), tls_policy::verify) == "refuse tls-not-verified");
    CHECK(judged(with("verify-ca"), tls_policy::verify).empty());
    CHECK(judged(with("verify-full"), tls_policy::verify).empty());
}

TEST_CASE("TLS is no matter on this machine, and the environment may require it", "[transport]")
{
    auto place = fake_place{};
    place.with_socket("/run/pg");
    CHECK(judged("postgresql://u:p@/db?host=/run/pg", tls_policy::verify, place).empty());
    for (auto const* host : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
        CHECK(judged("postgresql://u:p@" + std::string{host} + ":5432/db", tls_policy::verify).empty());
    CHECK(judged("postgresql://u:p@127.example.com:5432/db", tls_policy::require) ==
          "refuse tls-not-required");
    // One remote host of several is enough: libpq may go there.
    CHECK(judged("postgresql://u:p@localhost:5432,h:5432/db", tls_policy::require) ==
          "refuse tls-not-required");
    CHECK(judged("postgresql://u:p@h:5432/db", tls_policy::require, fake_place{{"PGSSLMODE", "verify-full"}})
              .empty());
}

TEST_CASE("the message names host, sslmode, the setting and the way out, and can be accepted", "[transport]")
{
    auto const refused = diagnose(with("prefer"), fake_place{}, {{}, {}, tls_policy::require});
    auto const text = shown_text(refused);
    CHECK(has(text, "db.example.com"));
    CHECK(has(text, "sslmode=prefer"));
    CHECK(has(text, "SCHEMAGATE_TLS is require."));
    CHECK(has(text, "sslmode=verify-full"));
    CHECK_FALSE(has(text, "S3cret"));
    CHECK(diagnose(with("prefer"), fake_place{}, {{}, {"tls-not-required"}, tls_policy::require}).verdict ==
          schemagate::verdict::warning);
}
