// What a boot did.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "schemagate/admission.hpp"
#include "schemagate/settings.hpp"

namespace schemagate {

/// The result of a boot that may open its gate. A value.
class boot_report
{
public:
    explicit boot_report(schemagate::admission ticket) noexcept : admission_{ticket} {}

    [[nodiscard]] schemagate::admission const& admission() const noexcept { return admission_; }

    /// Names (without ".sql") of the migrations that this process applied, in order.
    [[nodiscard]] std::vector<std::string> const& applied() const noexcept { return applied_; }

    schemagate::mode mode = schemagate::mode::apply;
    std::chrono::milliseconds lock_wait{0};
    std::chrono::milliseconds elapsed{0};
    std::string schema_version; ///< newest version in the database, "" if none or unchecked
    std::string catalog_digest; ///< hex
    bool database_newer = false;

    void add_applied(std::string name) { applied_.push_back(std::move(name)); }

private:
    schemagate::admission admission_;
    std::vector<std::string> applied_;
};

/// {"event":"boot_done","admission":"verified","mode":"apply","applied":3,"lock_wait_ms":…,"elapsed_ms":…,
/// "schema_version":"0007","catalog":"sha256:…"} without a newline.
[[nodiscard]] std::string closing_line(boot_report const& r);

/// Writes closing_line(r) and a newline to stderr in one write. Never throws.
void announce(boot_report const& r) noexcept;

} // namespace schemagate
