#include "schemagate/error_code.hpp"

namespace schemagate {
namespace {

struct row
{
    std::string_view name;
    exit_class exit;
};

constexpr row describe(errc code) noexcept
{
    switch (code) {
    case errc::usage: return {"usage", exit_class::usage};
    case errc::script_failed: return {"script-failed", exit_class::script_failed};
    case errc::script_refused: return {"script-refused", exit_class::script_failed};
    case errc::statement_timeout: return {"statement-timeout", exit_class::script_failed};
    case errc::disk_full: return {"disk-full", exit_class::script_failed};
    case errc::unreachable: return {"unreachable", exit_class::unreachable};
    case errc::too_many_connections: return {"too-many-connections", exit_class::unreachable};
    case errc::connection_lost: return {"connection-lost", exit_class::unreachable};
    case errc::internal: return {"internal", exit_class::internal};
    case errc::interrupted: return {"interrupted", exit_class::retry};
    case errc::lock_wait_over: return {"lock-wait-over", exit_class::retry};
    case errc::lock_retry_over: return {"lock-retry-over", exit_class::retry};
    case errc::lock_lost: return {"lock-lost", exit_class::retry};
    case errc::standby_waiting: return {"standby-waiting", exit_class::retry};
    case errc::checksum_mismatch: return {"checksum-mismatch", exit_class::contradiction};
    case errc::migration_missing: return {"migration-missing", exit_class::contradiction};
    case errc::catalog_renamed: return {"catalog-renamed", exit_class::contradiction};
    case errc::out_of_order: return {"out-of-order", exit_class::contradiction};
    case errc::newer_database: return {"newer-database", exit_class::contradiction};
    case errc::not_current: return {"not-current", exit_class::contradiction};
    case errc::object_missing: return {"object-missing", exit_class::contradiction};
    case errc::drift: return {"drift", exit_class::contradiction};
    case errc::check_failed: return {"check-failed", exit_class::contradiction};
    case errc::history_malformed: return {"history-malformed", exit_class::contradiction};
    case errc::adoption_refused: return {"adoption-refused", exit_class::contradiction};
    case errc::permission_denied: return {"permission-denied", exit_class::permission};
    case errc::url_refused: return {"url-refused", exit_class::configuration};
    case errc::setting_invalid: return {"setting-invalid", exit_class::configuration};
    case errc::address_in_use: return {"address-in-use", exit_class::configuration};
    case errc::authentication_failed: return {"authentication-failed", exit_class::configuration};
    case errc::database_missing: return {"database-missing", exit_class::configuration};
    case errc::tls_refused: return {"tls-refused", exit_class::configuration};
    case errc::pooler_refused: return {"pooler-refused", exit_class::configuration};
    case errc::server_too_old: return {"server-too-old", exit_class::configuration};
    }
    return {"internal", exit_class::internal};
}

} // namespace

std::string_view name(errc code) noexcept
{
    return describe(code).name;
}

exit_class exit_class_of(errc code) noexcept
{
    return describe(code).exit;
}

} // namespace schemagate
