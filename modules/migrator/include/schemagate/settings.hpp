// All settings of a boot (PROTOCOL.md, "Settings"). Every one is also an environment variable and a flag of
// the command line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"
#include "schemagate/plan.hpp"

namespace schemagate {

/// SCHEMAGATE_MODE.
enum class mode
{
    apply,
    wait,
    verify,
    skip
};
[[nodiscard]] std::string_view name(mode m) noexcept;

/// SCHEMAGATE_TRANSACTION: what one transaction of a boot holds.
enum class transaction_scope
{
    each, ///< one migration
    all   ///< everything that is pending: all or nothing
};

/// SCHEMAGATE_ON_REFUSAL: what a server does when its boot is refused.
enum class refusal_policy
{
    exit,
    hold ///< stay, answer the probes, and check again with backoff
};

/// SCHEMAGATE_DRIFT: recorded objects that are not as the last migration left them, or not there. `warn`
/// refuses a missing table or view; `ignore` only warns of one, and says nothing of the rest.
enum class drift_policy
{
    warn,
    refuse,
    ignore
};

/// Plain data: fill by hand, or from the environment. May be copied between threads.
struct settings
{
    /// DATABASE_URL, its file or the credential; nullopt: none of them was set, and the boot says so.
    std::optional<database_url_text> database_url;
    /// MIGRATION_DATABASE_URL or its file: past a pooler, or with a role that may change the schema. Used
    /// only to lock, apply and verify.
    std::optional<database_url_text> migration_database_url;
    schemagate::mode mode = schemagate::mode::apply; ///< SCHEMAGATE_MODE
    url_policy url;   ///< SCHEMAGATE_CONNECTION, SCHEMAGATE_TLS, SCHEMAGATE_ACCEPT
    plan_policy plan; ///< SCHEMAGATE_OUT_OF_ORDER, SCHEMAGATE_NEWER

    std::chrono::milliseconds connect_wait{60'000}; ///< SCHEMAGATE_CONNECT_WAIT: reaching the server, in all
    std::chrono::milliseconds lock_wait{900'000};   ///< SCHEMAGATE_LOCK_WAIT: while another process migrates
    std::chrono::milliseconds lock_timeout{50};     ///< SCHEMAGATE_LOCK_TIMEOUT: one attempt at a table lock
    std::chrono::milliseconds lock_retry{600'000};  ///< SCHEMAGATE_LOCK_RETRY: all attempts of one migration
    std::chrono::milliseconds statement_timeout{0}; ///< SCHEMAGATE_STATEMENT_TIMEOUT: 0 is none

    std::string history_schema = "schemagate";               ///< SCHEMAGATE_HISTORY_SCHEMA
    std::string target_schema = "public";                    ///< where unqualified names of scripts go
    transaction_scope transaction = transaction_scope::each; ///< SCHEMAGATE_TRANSACTION
    drift_policy drift = drift_policy::warn;                 ///< SCHEMAGATE_DRIFT
    bool session_pooler = false; ///< SCHEMAGATE_POOLER=session: one server connection per client is sure
    std::string run_as;          ///< SCHEMAGATE_RUN_AS: role to SET ROLE to for migrations and their history
    bool log_sql = false;        ///< SCHEMAGATE_LOG_SQL=1: DETAIL, CONTEXT and statements in errors

    refusal_policy on_refusal =
        refusal_policy::exit; ///< SCHEMAGATE_ON_REFUSAL; boot() acts on it, run() does not
    secret gate_token;        ///< SCHEMAGATE_GATE_TOKEN: bearer token for the details of the gate's report

    /// No server waits for this run: it may run scripts that say only-job. The command migrate sets it; no
    /// environment variable does, which replicas and their job often share.
    bool job = false;

    std::string application = "backend"; ///< the program's name, for application_name and the history
    std::string application_version;     ///< for the history; may be empty

    std::vector<std::string> warnings; ///< e.g. an unknown SCHEMAGATE_ variable

    /// Reads the environment of `where`. Throws failure with exit 78: variable, what is wrong, an example. A
    /// URL that cannot be read refuses the boot. Call it before other threads change the environment.
    [[nodiscard]] static settings from_environment(place const& where = this_place());

    /// Reads a URL again that came from a regular file or could not be read: the secret may have been changed
    /// meanwhile. Throws what read_database_url() throws, and then leaves it as it was.
    void read_files_again(place const& where = this_place());
};

/// Parses "250ms", "2s", "15min", "1h" or a bare number of seconds ("60"); nullopt if it is none of these.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace schemagate
