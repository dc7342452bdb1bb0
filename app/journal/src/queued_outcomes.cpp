// Outcomes of what is not written yet.
#include "database/sql_time.hpp"
#include "journal_queue.hpp"

namespace app {
namespace {

unix_microseconds now()
{
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())
        .time_since_epoch()
        .count();
}

} // namespace

queued_merge journal_queue::merge(std::string const& id, outcome const& reported)
{
    auto const key = key_of(id);
    std::lock_guard const lock{mutex_};
    auto const found = by_id_.find(key);
    if (found == by_id_.end()) {
        return queued_merge::not_queued;
    }
    auto& entry = *found->second;
    if (bytes_ + size_of(reported.result) > options_.bytes_max) {
        return queued_merge::full;
    }
    if (entry.in_flight) {
        return merge_in_flight(entry, reported);
    }
    switch (app::merge(entry.row.status, entry.row.result, reported)) {
    case merging::conflict: return queued_merge::conflict;
    case merging::same: break;
    case merging::changed:
        entry.row.outcome_at = now();
        measure(entry);
        break;
    }
    return queued_merge::merged;
}

// The writer reads the row at this moment, so it stays as it is.
queued_merge journal_queue::merge_in_flight(journal_entry& entry, outcome const& reported)
{
    auto after = entry.after.value_or(journal_entry::later{entry.row.status, entry.row.result});
    switch (app::merge(after.status, after.result, reported)) {
    case merging::conflict: return queued_merge::conflict;
    case merging::same: break;
    case merging::changed:
        entry.after = std::move(after);
        entry.after_is_new = true;
        measure(entry);
        break;
    }
    return queued_merge::merged;
}

std::optional<execution> journal_queue::find(std::string const& id) const
{
    auto const key = key_of(id);
    std::lock_guard const lock{mutex_};
    auto const found = by_id_.find(key);
    if (found == by_id_.end()) {
        return std::nullopt;
    }
    auto const& entry = *found->second;
    auto copy = entry.row;
    if (entry.after) {
        copy.status = entry.after->status;
        copy.result = entry.after->result;
    }
    return copy;
}

outcome journal_queue::take_after(journal_entry& entry)
{
    std::lock_guard const lock{mutex_};
    entry.after_is_new = false;
    outcome all{.status = std::nullopt, .result = entry.after->result, .computed_cost_micros = std::nullopt};
    if (entry.after->status != execution_status::rendered) {
        all.status = entry.after->status;
    }
    return all;
}

} // namespace app
