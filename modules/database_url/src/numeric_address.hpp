// A host that is written as a number: what getaddrinfo(3) takes without asking anybody (AI_NUMERICHOST),
// which is more than inet_pton(3) does: "10.1" and "127.1" are addresses too.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace schemagate::url {

struct numeric_address
{
    bool ipv6 = false;
    std::array<unsigned char, 16> bytes{}; ///< the first four of an IPv4 address

    [[nodiscard]] bool is_loopback() const;    ///< 127.0.0.0/8, ::1
    [[nodiscard]] bool is_unspecified() const; ///< 0.0.0.0, ::, by which Linux reaches this machine
    [[nodiscard]] bool is_private() const;     ///< RFC 1918, and unique local IPv6 addresses (RFC 4193)
};

/// nullopt if the text is a name. A zone ("fe80::1%eth0") is left out: it need not exist here.
[[nodiscard]] std::optional<numeric_address> read_address(std::string_view text);

/// The name or address of this very machine: localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback_host(std::string_view host);

} // namespace schemagate::url
