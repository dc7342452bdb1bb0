#include "catch.hpp"
#include "diagnosis.hpp"

TEST_CASE("hostaddr takes what libpq takes for a number, and no name", "[numeric_address]")
{
    for (auto const* address : {"10.0.0.1", "10.1", "0x0a000001", "2001:db8::1", "fe80::1%eth0", "::1"}) {
        INFO(address);
        CHECK_FALSE(find(diagnose("hostaddr=" + std::string{address} + " dbname=db"), "hostaddr-invalid"));
    }
    for (auto const* address : {"h", "10.0.0.256", "10.0.0.1.", "[::1]", "10.0.0.1:5432"}) {
        INFO(address);
        CHECK(find(diagnose("hostaddr=" + std::string{address} + " dbname=db"), "hostaddr-invalid"));
    }
}

TEST_CASE("every way to write this machine's own address is local", "[numeric_address]")
{
    for (auto const* host : {"localhost", "127.0.0.1", "127.1", "2130706433", "127.255.0.9", "[::1]"}) {
        INFO(host);
        auto const diagnosis = diagnose("postgresql://u:p@" + std::string{host} + ":5432/db");
        CHECK_FALSE(has(codes(diagnosis), "refuse"));
        CHECK_FALSE(find(diagnosis, "tls-not-required"));
    }
    for (auto const* host : {"128.0.0.1", "127.example.com", "[::2]", "localhost.example.com"}) {
        INFO(host);
        CHECK(find(diagnose("postgresql://u:p@" + std::string{host} + ":5432/db"), "tls-not-required"));
    }
}
