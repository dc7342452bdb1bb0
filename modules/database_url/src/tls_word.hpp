// The words of drivers for what libpq calls sslmode.
#pragma once

#include <string_view>

namespace schemagate::url {

/// libpq's sslmode that asks for the same, in any case of letters: "verify-full" of Prisma's "strict", and of
/// itself. "" for a word that is nobody's.
[[nodiscard]] std::string_view sslmode_of(std::string_view word);

/// The one of two modes that asks for more; what is no mode asks for nothing.
[[nodiscard]] std::string_view stricter_sslmode(std::string_view a, std::string_view b);

} // namespace schemagate::url
