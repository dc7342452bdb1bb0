#include "journal_batch.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

namespace app {
namespace {

using kind = database_error::kind;
using steady = std::chrono::steady_clock;

std::vector<execution const*> rows_of(journal_queue::batch const& of, std::size_t most)
{
    std::vector<execution const*> rows;
    rows.reserve(std::min(most, of.size()));
    for (auto const* const entry : of) {
        if (rows.size() == most) {
            break;
        }
        rows.push_back(&entry->row);
    }
    return rows;
}

// Taken out, to be told after the entries are gone.
std::vector<durable_listener> listeners_of(journal_queue::batch const& of)
{
    std::vector<durable_listener> listeners;
    for (auto* const entry : of) {
        if (entry->then) {
            listeners.push_back(std::exchange(entry->then, nullptr));
        }
    }
    return listeners;
}

} // namespace

journal_batch::journal_batch(journal_queue& queue, std::string const& schema, spdlog::logger& log,
                             journal_metrics const& metrics)
    : queue_{queue}, store_{schema}, log_{log}, metrics_{metrics}
{}

void journal_batch::take(entries taken)
{
    pending_ = std::move(taken);
    piece_ = pending_.size();
}

void journal_batch::attempt(database_connection& c)
{
    if (unsure_ && !pending_.empty()) {
        settle_written(c);
    }
    unsure_ = false;
    insert_pending(c);
    apply_afters(c);
}

// Refused: half as many. Taken: twice as many. So one bad row among n costs about two statements per
// doubling.
void journal_batch::insert_pending(database_connection& c)
{
    while (!pending_.empty()) {
        auto const rows = rows_of(pending_, std::max<std::size_t>(piece_, 1));
        auto const began = steady::now();
        try {
            unsure_ = true;
            store_.insert(c, rows);
            unsure_ = false;
        }
        catch (database_error const& e) {
            if (e.reason() != kind::refused || !c.is_idle()) {
                throw;
            }
            unsure_ = false;
            if (e.sqlstate() == "23505" && settle_written(c) > 0) {
                continue; // an attempt of before was written after all
            }
            if (rows.size() == 1) {
                settle_refused(*pending_.front(), e);
            }
            piece_ = rows.size() / 2;
            continue;
        }
        metrics_.wrote(rows.size(), std::chrono::duration<double>(steady::now() - began).count());
        piece_ = rows.size() * 2;
        settle(entries{pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(rows.size())});
    }
}

std::size_t journal_batch::settle_written(database_connection& c)
{
    auto const ids = store_.written(c, rows_of(pending_, pending_.size()));
    std::set<std::string> const known{ids.begin(), ids.end()};
    entries there;
    for (auto* const entry : pending_) {
        if (known.contains(entry->row.id)) {
            there.push_back(entry);
        }
    }
    metrics_.found(there.size());
    settle(there);
    return there.size();
}

// `written` are of pending_.
void journal_batch::settle(entries const& written)
{
    std::set<journal_entry const*> const gone{written.begin(), written.end()};
    std::erase_if(pending_, [&](auto const* entry) { return gone.contains(entry); });
    auto const told = listeners_of(written);
    auto const again = queue_.done(written);
    afters_.insert(afters_.end(), again.begin(), again.end());
    for (auto const& then : told) {
        then(std::nullopt);
    }
}

void journal_batch::settle_refused(journal_entry& entry, database_error const& why)
{
    if (why.sqlstate() == "23503" && entry.row.prompt_id) {
        queue_.forget_prompt_id(
            entry); // the version is gone: name and number stay, as of those written before
        return;
    }
    metrics_.set_aside();
    log_.error("journal outcome=set_aside id={} sqlstate={}", entry.row.id, why.sqlstate());
    std::erase(pending_, &entry);
    auto const then = std::exchange(entry.then, nullptr);
    queue_.forget({&entry});
    if (then) {
        then(why);
    }
}

void journal_batch::apply_afters(database_connection& c)
{
    while (!afters_.empty()) {
        auto const some = afters_;
        try {
            apply(c, some);
        }
        catch (database_error const& e) {
            if (e.reason() != kind::refused || !c.is_usable()) {
                throw;
            }
            c.run("ROLLBACK");
            for (auto* const one : some) { // each by itself, to find the one
                try {
                    apply(c, {one});
                }
                catch (database_error const& of_one) {
                    if (of_one.reason() != kind::refused || !c.is_usable()) {
                        throw;
                    }
                    c.run("ROLLBACK");
                    give_up_outcome(*one, of_one.sqlstate().c_str());
                }
            }
        }
        afters_.clear();
        afters_ = queue_.done(some);
    }
}

void journal_batch::apply(database_connection& c, entries const& some)
{
    c.run("BEGIN ISOLATION LEVEL READ COMMITTED;" + c.transaction_settings());
    entries refused;
    for (auto* const entry : some) {
        auto const answer = store_.apply(c, entry->row.id, queue_.take_after(*entry));
        if (answer == outcome_answer::conflict || answer == outcome_answer::not_found) {
            refused.push_back(entry);
        }
    }
    c.run("COMMIT");
    for (auto* const entry : refused) { // another process has recorded an outcome between our two statements
        give_up_outcome(*entry, "conflict");
    }
}

void journal_batch::give_up_outcome(journal_entry const& entry, char const* why)
{
    metrics_.set_aside();
    log_.error("journal outcome=outcome_set_aside id={} why={}", entry.row.id, why);
}

void journal_batch::fail_durable(database_error const& why)
{
    entries gone;
    std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(gone),
                 [](auto const* entry) { return static_cast<bool>(entry->then); });
    std::erase_if(pending_, [](auto const* entry) { return static_cast<bool>(entry->then); });
    auto const told = listeners_of(gone);
    queue_.forget(gone);
    for (auto const& then : told) {
        then(why);
    }
}

} // namespace app
