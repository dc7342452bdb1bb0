// The key to the gate: a value that only the engine can make.
#pragma once

#include <string_view>

namespace schemagate {

enum class admission_kind
{
    verified,          ///< current, and verified here or by the leader whose row we read
    ahead,             ///< the database is newer than the binary and compatible, or holds a half-done script
    current_elsewhere, ///< mode `wait`: another process or replication brought the schema up to date
    unchecked,         ///< mode `skip`: the operator chose not to check
};

[[nodiscard]] std::string_view name(admission_kind kind) noexcept; ///< "verified", "current_elsewhere", …

/// Proof that a boot came to its end. gate::open() asks for one, so no code path can open the gate by
/// mistake.
class admission
{
public:
    [[nodiscard]] admission_kind kind() const noexcept { return kind_; }

private:
    friend class boot_flow;
    explicit admission(admission_kind kind) noexcept : kind_{kind} {}
    admission_kind kind_;
};

} // namespace schemagate
