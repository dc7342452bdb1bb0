#include "journal_writer.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "database/jitter.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using kind = database_error::kind;
using steady = std::chrono::steady_clock;

// How often a batch may fail before those who wait for it are told.
constexpr unsigned durable_attempts = 3;

std::vector<execution const*> rows_of(journal_queue::batch const& entries, std::size_t most)
{
    std::vector<execution const*> rows;
    rows.reserve(std::min(most, entries.size()));
    for (auto const* const entry : entries) {
        if (rows.size() == most) {
            break;
        }
        rows.push_back(&entry->row);
    }
    return rows;
}

// Taken out, to be told after the entries are gone.
std::vector<durable_listener> listeners_of(journal_queue::batch const& entries)
{
    std::vector<durable_listener> listeners;
    for (auto* const entry : entries) {
        if (entry->then) {
            listeners.push_back(std::exchange(entry->then, nullptr));
        }
    }
    return listeners;
}

} // namespace

journal_writer::journal_writer(journal_queue& queue, database_target& target, journal_options const& options,
                               std::shared_ptr<spdlog::logger> log, journal_metrics const& metrics,
                               database_health* health)
    : queue_{queue}, store_{target.schema()}, log_{std::move(log)}, metrics_{metrics}, health_{health},
      connection_{target, "journal", options.statement_time, stopping_.get_token()}, thread_{[this] { run(); }}
{}

journal_writer::~journal_writer()
{
    stop();
}

void journal_writer::stop()
{
    stopping_.request_stop();
    queue_.wake();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void journal_writer::run()
{
    while (!connection_.stopping()) {
        auto taken = queue_.wait_for_batch();
        if (!taken.empty()) {
            write(std::move(taken));
        }
    }
    connection_.close();
}

void journal_writer::write(batch taken)
{
    pending_ = std::move(taken);
    piece_ = pending_.size();
    while (!connection_.stopping() && (!pending_.empty() || !afters_.empty() || is_lost())) {
        metrics_.depth(queue_.depth());
        asking_ = false;
        try {
            auto& c = connection_.get();
            asking_ = true;
            attempt(c);
            on_back();
            failures_ = 0;
        }
        catch (database_error const& e) {
            if (!connection_.stopping()) {
                on_failure(e);
            }
        }
        catch (std::exception const& e) { // no memory, most likely
            if (!connection_.stopping()) {
                on_failure(database_error{kind::failed, e.what()});
            }
        }
    }
    metrics_.depth(queue_.depth());
}

void journal_writer::attempt(database_connection& c)
{
    if (unsure_ && !pending_.empty()) {
        settle_written(c);
    }
    unsure_ = false;
    insert_pending(c);
    apply_afters(c);
    if (is_lost()) { // nothing was left to write, so nobody has asked yet
        c.run("SELECT 1");
    }
}

// Refused: half as many. Taken: twice as many. So one bad row among n costs about two statements per doubling.
void journal_writer::insert_pending(database_connection& c)
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
        settle({pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(rows.size())});
    }
}

std::size_t journal_writer::settle_written(database_connection& c)
{
    auto const ids = store_.written(c, rows_of(pending_, pending_.size()));
    std::set<std::string> const known{ids.begin(), ids.end()};
    batch there;
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
void journal_writer::settle(batch const& written)
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

void journal_writer::settle_refused(journal_entry& entry, database_error const& why)
{
    if (why.sqlstate() == "23503" && entry.row.prompt_id) {
        queue_.forget_prompt_id(entry); // the version is gone: name and number stay, as of those written before
        return;
    }
    metrics_.set_aside();
    log_->error("journal outcome=set_aside id={} sqlstate={}", entry.row.id, why.sqlstate());
    std::erase(pending_, &entry);
    auto const then = std::exchange(entry.then, nullptr);
    queue_.forget({&entry});
    if (then) {
        then(why);
    }
}

void journal_writer::apply_afters(database_connection& c)
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

void journal_writer::apply(database_connection& c, batch const& some)
{
    c.run("BEGIN ISOLATION LEVEL READ COMMITTED;" + c.transaction_settings());
    batch refused;
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

void journal_writer::give_up_outcome(journal_entry& entry, char const* why)
{
    metrics_.set_aside();
    log_->error("journal outcome=outcome_set_aside id={} why={}", entry.row.id, why);
}

void journal_writer::on_failure(database_error const& why)
{
    metrics_.failed();
    log_failure(why);
    // Closed where it is not idle: what it was asked last may have been done.
    bool const lost = why.reason() == kind::lost || why.reason() == kind::read_only;
    if (lost) {
        connection_.close();
        on_lost(why);
    }
    else if (failures_ + 1 >= durable_attempts) {
        fail_durable(why);
    }
    connection_.sleep(pause_after(failures_++, 50ms, 2s));
}

void journal_writer::on_lost(database_error const& why)
{
    lost_ = true;
    if (health_ != nullptr && why.reason() == kind::lost) {
        health_->lost(why.what());
    }
    fail_durable(asking_ ? database_error{kind::unknown, why.what()} : why);
    for (auto const& entry : queue_.take_durable()) {
        entry.then(why);
    }
}

void journal_writer::on_back()
{
    if (lost_.exchange(false)) {
        log_->info("journal outcome=back rows={}", queue_.depth().rows);
    }
    if (health_ != nullptr) {
        health_->works();
    }
}

void journal_writer::fail_durable(database_error const& why)
{
    batch gone;
    std::copy_if(pending_.begin(), pending_.end(), std::back_inserter(gone),
                 [](auto const* entry) { return static_cast<bool>(entry->then); });
    std::erase_if(pending_, [](auto const* entry) { return static_cast<bool>(entry->then); });
    auto const told = listeners_of(gone);
    queue_.forget(gone);
    for (auto const& then : told) {
        then(why);
    }
}

// At most once in ten seconds.
void journal_writer::log_failure(database_error const& why)
{
    if (steady::now() - logged_ >= 10s) {
        logged_ = steady::now();
        log_->warn("journal outcome=failed kind={} rows={} detail=\"{}\"", name(why.reason()),
                   queue_.depth().rows, why.what());
    }
}

} // namespace app
