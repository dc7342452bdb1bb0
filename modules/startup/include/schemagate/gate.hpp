// The gate between the listener and the application: shut until the schema is current and verified.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/admission.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/observer.hpp"
#include "schemagate/report.hpp"
#include "schemagate/secret.hpp"

namespace schemagate {

/// What a probe answers: an HTTP status and a JSON body, made from memory, never from the database.
struct probe_answer
{
    int status = 503;
    std::string body;
};

/// All members may be called from any thread. Outlives the server and the boot that use it.
class gate
{
public:
    explicit gate(boost::asio::any_io_executor executor);
    gate(gate const&) = delete;
    gate& operator=(gate const&) = delete;
    ~gate();

    /// Opens the gate for good and tells the listeners, on the gate's executor. Only the engine can make the
    /// admission inside `result`.
    void open(boot_report const& result);

    /// The question of every traffic request. One atomic read.
    [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_acquire); }

    /// Calls `listener` once the gate has opened, on the executor; at once if it is open already.
    void on_open(std::function<void()> listener);

    /// 200 while the process works, in every state.
    [[nodiscard]] probe_answer livez() const;
    /// 200 when open, else 503 with the state, the migration and its position, mode, admission, code.
    [[nodiscard]] probe_answer readyz() const;
    /// The gate report of GET /v1/gate: readyz's fields, steps with their durations, what was applied, and
    /// what is waited for. `authorization` is the request's header of that name: "Bearer <token>" with
    /// SCHEMAGATE_GATE_TOKEN adds who is waited for (pid, role, application, age, query head), and a
    /// refusal's message and fix. Without it no hosts, queries or names.
    [[nodiscard]] probe_answer status(std::string_view authorization = {}) const;

    /// Asks for this token in status(); empty: nobody gets the details. boot() calls it with its settings.
    void require_token(secret token);

    /// Seconds for the Retry-After header of a 503.
    [[nodiscard]] static constexpr int retry_after_seconds() noexcept { return 2; }

    /// The observer that keeps the report true; boot() passes it to the engine.
    [[nodiscard]] std::shared_ptr<observer> as_observer();

    /// Who hears of what happens after the opening. boot() calls it with its listener.
    void tell(std::shared_ptr<observer> listener);

    /// The application's first connection, and whether its server is a standby (pg_is_in_recovery()). If the
    /// boot was not checked (mode `skip`, which is for read replicas) and the server is a primary, the
    /// listener gets one event of outcome `failed` with the field skipped_on_primary=1, on the gate's
    /// executor: somebody may run against a schema that nobody has checked. Only the first call counts.
    void first_connection(bool in_recovery);

    /// True if the gate was opened without a look at the database (mode `skip`): tell first_connection().
    [[nodiscard]] bool is_unchecked() const;

    /// The boot has failed, or is stopping: shown by the probes until the process ends.
    void refuse(failure const& why);
    void stopping();

    /// The application lost its database after opening: readyz answers 503 with this reason until cleared
    /// with "". Ignored before the gate has opened.
    void database_trouble(std::string reason);
    /// The same for an application that goes on serving from memory: readyz answers 200 with "degraded": true
    /// and the reason.
    void degraded(std::string reason);

private:
    class book;
    std::shared_ptr<book> book_;
    std::atomic<bool> open_{false};
    std::atomic<bool> connected_{false};
    std::shared_ptr<observer> listener_;
    boost::asio::any_io_executor executor_;
    std::mutex listeners_mutex_;
    std::vector<std::function<void()>> listeners_;
};

} // namespace schemagate
