// The scripts that this binary carries, in order. Pure: no I/O, no clock, no log.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/migration.hpp"

namespace schemagate {

/// Immutable; may be read from any thread. Copies share the scripts' bytes.
class catalog
{
public:
    /// `name` tells several catalogs of one database apart; it is part of the lock's key and of the history.
    /// `storage`, if given, owns the bytes that `scripts` point to. Throws failure{errc::script_refused} for
    /// a bad file name, a bad directive, or two files of one version or of one repeatable's name.
    catalog(std::string name, std::span<script const> scripts, std::shared_ptr<void const> storage = {});

    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    /// The versioned ones, ascending by version.
    [[nodiscard]] std::vector<migration> const& migrations() const noexcept { return migrations_; }

    /// The repeatable ones, ascending by description, byte by byte. They run after the versioned ones.
    [[nodiscard]] std::vector<migration> const& repeatables() const noexcept { return repeatables_; }

    /// Both kinds, in the order in which they run. The pointers live as long as this catalog.
    [[nodiscard]] std::vector<migration const*> scripts() const;

    /// The versioned one of the highest version; nullptr where there is none.
    [[nodiscard]] migration const* newest() const noexcept;
    [[nodiscard]] migration const* find(version const& v) const noexcept;
    [[nodiscard]] migration const* find_repeatable(std::string_view description) const noexcept;

    /// set_digest() of all scripts: what the history's newest row holds once this catalog is applied.
    [[nodiscard]] std::string const& digest() const noexcept { return digest_; }

private:
    std::string name_;
    std::vector<migration> migrations_;
    std::vector<migration> repeatables_;
    std::string digest_;
    std::shared_ptr<void const> storage_;
};

/// One (version, checksum) pair of a set.
struct set_member
{
    schemagate::version version;
    std::string checksum;
};

/// One repeatable script of a set: its description and its newest checksum.
struct repeatable_member
{
    std::string name;
    std::string checksum;
};

/// Lower-case hex SHA-256 over the pairs, sorted by version, each written as
/// "<version without leading zeros> <checksum>\n", and after them the repeatables, sorted by name, each
/// written as "R <name> <checksum>\n". Equal for a binary's catalog and for the rows of a history that holds
/// exactly it, so the idle check compares one value whatever the length of the history.
[[nodiscard]] std::string set_digest(std::vector<set_member> members,
                                     std::vector<repeatable_member> repeatables = {});

/// Lower-case hex SHA-256 of bytes (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

} // namespace schemagate
