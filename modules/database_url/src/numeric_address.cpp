#include "numeric_address.hpp"

#include "ascii.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace schemagate::url {

using namespace std::string_view_literals;

bool numeric_address::is_loopback() const
{
    if (!ipv6)
        return bytes[0] == 127;
    auto one = std::array<unsigned char, 16>{};
    one.back() = 1;
    constexpr auto mapped = std::array<unsigned char, 13>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127};
    return bytes == one || std::equal(mapped.begin(), mapped.end(), bytes.begin());
}

bool numeric_address::is_unspecified() const
{
    return bytes == std::array<unsigned char, 16>{};
}

bool numeric_address::is_private() const
{
    if (ipv6)
        return (bytes[0] & 0xFE) == 0xFC;
    return bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) ||
           (bytes[0] == 192 && bytes[1] == 168);
}

std::optional<numeric_address> read_address(std::string_view text)
{
    auto const plain = std::string{text.substr(0, text.find('%'))};
    // Every form of inet_aton(3) begins with a digit. A null host would be this machine.
    if (plain.empty() || (!is_digit(plain.front()) && !contains(plain, ':')))
        return std::nullopt;
    auto wanted = addrinfo{};
    wanted.ai_flags = AI_NUMERICHOST;
    wanted.ai_socktype = SOCK_STREAM;
    auto* found = static_cast<addrinfo*>(nullptr);
    if (::getaddrinfo(plain.c_str(), nullptr, &wanted, &found) != 0 || !found)
        return std::nullopt;
    auto const owner = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>{found, &::freeaddrinfo};

    auto result = numeric_address{};
    if (found->ai_family == AF_INET6) {
        auto address = sockaddr_in6{};
        std::memcpy(&address, found->ai_addr, sizeof address);
        result.ipv6 = true;
        std::memcpy(result.bytes.data(), &address.sin6_addr, 16);
    }
    else {
        auto address = sockaddr_in{};
        std::memcpy(&address, found->ai_addr, sizeof address);
        std::memcpy(result.bytes.data(), &address.sin_addr, 4);
    }
    return result;
}

bool is_loopback_host(std::string_view host)
{
    auto const folded = lowered(host);
    for (auto const name : {"localhost"sv, "localhost."sv, "localhost.localdomain"sv, "ip6-localhost"sv})
        if (folded == name)
            return true;
    auto const address = read_address(host);
    return address && (address->is_loopback() || address->is_unspecified());
}

} // namespace schemagate::url
