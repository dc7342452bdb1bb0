// A text that must never be shown. The type has no stream operator and no formatter on purpose: printing one
// does not compile.
#pragma once

#include <string>
#include <string_view>

namespace schemagate {

/// Owns a secret's bytes and wipes them when it ends (explicit_bzero). Movable and copyable; not comparable.
class secret
{
public:
    secret() = default;
    explicit secret(std::string bytes) noexcept;
    secret(secret const&) = default;
    secret(secret&&) noexcept;
    secret& operator=(secret const&);
    secret& operator=(secret&&) noexcept;
    ~secret();

    /// The bytes themselves, for the one call that needs them (libpq, SOCI). Named so that a reviewer sees
    /// it.
    [[nodiscard]] std::string const& reveal() const noexcept { return bytes_; }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

private:
    void wipe() noexcept;
    std::string bytes_;
};

} // namespace schemagate
