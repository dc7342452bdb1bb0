// Step 8 with its retries: what to do where a table is locked, and whose words explain a failure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "batch.hpp"
#include "boot_context.hpp"
#include "history_writer.hpp"
#include "lock_watch.hpp"
#include "nontransactional_run.hpp"

namespace schemagate {

class plan_runner
{
public:
    plan_runner(boot_context& boot, history_writer& writer, lock_watch& watch)
        : boot_{boot}, history_{writer}, watch_{watch}, nontransactional_{boot, writer}
    {}

    /// Repeated while table locks are busy, within SCHEMAGATE_LOCK_RETRY for each migration. `recorded` is
    /// called for each one when it is committed, with its index in the batch.
    void apply(batch const& what, plan const& planned, postgres::on_recorded const& recorded);

private:
    [[nodiscard]] std::vector<postgres::transaction_order> orders_for(batch const& what, plan const& planned,
                                                                      int retries);
    void send(batch const& what, std::span<postgres::transaction_order const> orders, plan const& planned,
              std::size_t& at, postgres::on_recorded const& recorded);
    [[nodiscard]] std::optional<postgres::server_error>
    attempt(batch const& rest, std::span<postgres::transaction_order const> orders, plan const& planned,
            std::size_t& at, postgres::on_recorded const& recorded);
    void retry_later(migration const& at, std::size_t position, std::size_t of,
                     postgres::server_error const& e, stopwatch const& since, int retries);

    boot_context& boot_;
    history_writer& history_;
    lock_watch& watch_;
    nontransactional_run nontransactional_;
};

} // namespace schemagate
