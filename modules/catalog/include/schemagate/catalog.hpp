// The migrations that this binary carries, in order. Pure: no I/O, no clock, no log.
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
    /// a bad file name, a bad directive, two files of one version, or a kind of script that this release does
    /// not run.
    catalog(std::string name, std::span<script const> scripts, std::shared_ptr<void const> storage = {});

    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    /// Ascending by version.
    [[nodiscard]] std::vector<migration> const& migrations() const noexcept { return migrations_; }

    /// nullptr in an empty catalog.
    [[nodiscard]] migration const* newest() const noexcept;
    [[nodiscard]] migration const* find(version const& v) const noexcept;

    /// set_digest() of all migrations: what the history's newest row holds once this catalog is applied.
    [[nodiscard]] std::string const& digest() const noexcept { return digest_; }

private:
    std::string name_;
    std::vector<migration> migrations_;
    std::string digest_;
    std::shared_ptr<void const> storage_;
};

/// One (version, checksum) pair of a set.
struct set_member
{
    schemagate::version version;
    std::string checksum;
};

/// Lower-case hex SHA-256 over the pairs, sorted by version, each written as
/// "<version without leading zeros> <checksum>\n". Equal for a binary's catalog and for the rows of a history
/// that holds exactly it, so the idle check compares one value whatever the length of the history.
[[nodiscard]] std::string set_digest(std::vector<set_member> members);

/// Lower-case hex SHA-256 of bytes (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

} // namespace schemagate
