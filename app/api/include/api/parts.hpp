// What the handlers share: the parts of the service, and the few steps that most of them take.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <spdlog/logger.h>
#include <string>

#include "api/service_settings.hpp"
#include "audit/audit_store.hpp"
#include "database/database.hpp"
#include "guardrail/guardrail_store.hpp"
#include "http/answer.hpp"
#include "idempotency/idempotency_store.hpp"
#include "identity/key_store.hpp"
#include "prompt/prompt_store.hpp"
#include "route/call.hpp"
#include "snapshot/snapshot_source.hpp"

namespace app {

/// References to what service owns. Any thread.
struct parts
{
    service_settings const& settings;
    database& db;
    snapshot_source& snapshots;
    spdlog::logger& log;
    prompt_store prompts;
    guardrail_store guardrails;
    key_store keys;
    audit_store audit;
    idempotency_store idempotency;
    std::function<void()> served_builtin; ///< a prompt came from the binary: counted

    /// The snapshot. Throws problem 503 before the first one has been loaded.
    [[nodiscard]] std::shared_ptr<snapshot const> served() const;

    /// Adds Age (RFC 9111 §5.1), in seconds, to an answer from a snapshot that nobody has confirmed for a
    /// while: the database is lost.
    void tell_age(answer& a) const;

    /// Runs `work` in a transaction on behalf of the caller, records what it returns in the audit log
    /// (nothing where nothing was changed), and lets this replica serve it before the client hears of it.
    /// Again after a deadlock, so `work` may run more than once. Blocks.
    void change(call const& by, std::optional<std::string> const& reason,
                std::function<std::optional<audit_entry>(database_connection&)> const& work) const;

    /// The same for a POST, whose answer `made` is asked for after `work`, in its transaction. A request with
    /// the Idempotency-Key and content of an earlier one does nothing and gets that one's answer.
    [[nodiscard]] answer
    change_once(call const& by, std::optional<std::string> const& reason,
                std::function<std::optional<audit_entry>(database_connection&)> const& work,
                std::function<answer(database_connection&)> const& made) const;
};

[[nodiscard]] answer json_answer(boost::json::value const& body, int status = 200);
[[nodiscard]] answer no_content();

} // namespace app
