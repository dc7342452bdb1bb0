// What only the leader may write: the history and the record of objects, under its lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "batch.hpp"
#include "boot_context.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/object_drift.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate {

/// Each write is a transaction that takes the lock check first, and throws postgres::fence_broken where
/// another process leads by now.
class history_writer
{
public:
    history_writer(boot_context& boot, postgres::session on, std::unique_ptr<postgres::leadership> lock,
                   std::chrono::milliseconds lock_wait);

    [[nodiscard]] postgres::session& session() noexcept { return session_; }
    [[nodiscard]] postgres::leadership const& lock() const noexcept { return *lock_; }
    /// As read last, and as written since.
    [[nodiscard]] history const& recorded() const noexcept { return recorded_; }
    [[nodiscard]] postgres::history_tail& tail() noexcept { return tail_; }

    /// Reads it; false where there is none.
    bool read();
    void create();
    /// Adds what an older version of Schemagate did not have.
    void complete();
    /// Deletes the row of a script that was started, and of which nothing ran.
    void forget_started(std::int64_t id);
    /// Lets this role read the history, if it cannot yet.
    void admit_reader(std::string const& role);

    /// The row of one migration; `applied`: it, and those before it in its batch.
    [[nodiscard]] postgres::history_entry entry_for(std::span<migration const* const> applied,
                                                    std::string kind, int retries) const;
    /// Rows without scripts.
    void record(std::span<postgres::transaction_order const> orders);
    /// It was committed.
    void remember(postgres::transaction_order const& order);

    /// Asked once, before the first script that would otherwise be taken for the cause of what somebody else
    /// did.
    void note_drift(batch const& next);

    /// Step 9. Objects and checks in one transaction that is rolled back; then verified_at.
    void verify();

private:
    template <class Work>
    void in_fenced_transaction(Work const& work, std::optional<postgres::history_tail> planned = {});
    /// The same, if nobody has written to the history since this leader read or recorded.
    template <class Work>
    void on_planned_history(Work const& work);
    void refresh_all();
    void tell_taken_over(std::vector<postgres::object_key> const& drifted);
    void run_checks(bool some_may_differ);

    boot_context& boot_;
    postgres::session session_;
    std::unique_ptr<postgres::leadership> lock_;
    std::chrono::milliseconds lock_wait_;
    history recorded_;
    postgres::history_tail tail_;
    // A leader before this one did not get to its verification, nor to refresh_all().
    bool unverified_before_ = false;
    std::optional<std::vector<postgres::object_key>> drifted_before_; // where it had to be asked
};

} // namespace schemagate
