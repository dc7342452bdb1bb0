// Every way a boot can end, with its stable name and its exit code. One table, so that the closing line, the
// readiness report, metrics and the documentation cannot disagree.
#pragma once

#include <string_view>

namespace schemagate {

/// What a process says to its orchestrator when it ends (PROTOCOL.md, "Exit codes"). The classes follow
/// sysexits(3) where it has a word for the case.
enum class exit_class : int
{
    done = 0,
    usage = 64,         ///< the command line is wrong
    script_failed = 65, ///< a script failed: its SQL, its data, the disk, or its own time limit
    unreachable = 69,   ///< the server could not be reached until the deadline; may be retried
    internal = 70,      ///< a fault of ours
    retry = 75,         ///< nothing is wrong with this build; safe to start again
    contradiction = 76, ///< schema and binary contradict each other; a person has to decide
    permission = 77,    ///< the role lacks a right; the message holds the GRANT
    configuration = 78, ///< DATABASE_URL or a setting; a person has to change it
};

/// The stable codes. Their kebab-case names are part of the contract.
enum class errc
{
    usage,

    script_failed,
    script_refused, ///< a script that must not be sent: not complete, a stray \command, …
    statement_timeout,
    disk_full,

    unreachable,
    too_many_connections,
    connection_lost,

    internal,

    interrupted,
    lock_wait_over,
    lock_retry_over,
    lock_lost,
    standby_waiting,

    checksum_mismatch,
    migration_missing,
    catalog_renamed, ///< the same scripts are applied here under another catalog name
    out_of_order,
    newer_database,
    not_current,
    object_missing,
    drift, ///< an object is there, but not as the last migration left it
    check_failed,
    history_malformed,
    adoption_refused, ///< an earlier tool made this database, and it is not as that tool left it

    permission_denied,

    url_refused,
    setting_invalid,
    address_in_use, ///< the listener's HOST and PORT cannot be bound
    authentication_failed,
    database_missing,
    tls_refused,
    pooler_refused,
    server_too_old, ///< older than any PostgreSQL that the history can be kept in
};

/// The kebab-case name, e.g. "checksum-mismatch".
[[nodiscard]] std::string_view name(errc code) noexcept;

/// The class that decides the exit code.
[[nodiscard]] exit_class exit_class_of(errc code) noexcept;

} // namespace schemagate
