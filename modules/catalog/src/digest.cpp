#include <algorithm>
#include <array>
#include <openssl/evp.h>

#include "schemagate/catalog.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {

std::string sha256_hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        // OpenSSL only refuses SHA-256 if it is broken or out of memory: nothing a script can cause.
        throw failure{
            errc::internal, "OpenSSL did not compute a SHA-256.",
            "Check the OpenSSL installation of this machine (its configuration file and providers)."};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(std::size_t{size} * 2);
    for (std::size_t i = 0; i < size; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0x0FU];
    }
    return hex;
}

std::string set_digest(std::vector<set_member> members, std::vector<repeatable_member> repeatables)
{
    std::sort(members.begin(), members.end(),
              [](set_member const& a, set_member const& b) { return a.version < b.version; });
    std::string lines;
    for (auto const& member : members) {
        auto const& digits = member.version.text();
        // Version 0 keeps its last zero.
        auto const first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
        lines.append(digits, first).append(" ").append(member.checksum).append("\n");
    }
    std::sort(repeatables.begin(), repeatables.end(),
              [](repeatable_member const& a, repeatable_member const& b) { return a.name < b.name; });
    for (auto const& member : repeatables) {
        lines.append("R ").append(member.name).append(" ").append(member.checksum).append("\n");
    }
    return sha256_hex(lines);
}

} // namespace schemagate
