#include "journal_writer.hpp"

#include <utility>

#include "database/jitter.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using kind = database_error::kind;
using steady = std::chrono::steady_clock;

// How often a batch may fail before those who wait for it are told.
constexpr unsigned durable_attempts = 3;

} // namespace

journal_writer::journal_writer(journal_queue& queue, database_target& target, journal_options const& options,
                               std::shared_ptr<spdlog::logger> log, journal_metrics const& metrics,
                               database_health* health)
    : queue_{queue}, log_{std::move(log)}, metrics_{metrics}, health_{health},
      connection_{target, "journal", options.statement_time, stopping_.get_token()},
      at_hand_{queue_, target.schema(), *log_, metrics_}, thread_{[this] { run(); }}
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

void journal_writer::write(journal_batch::entries taken)
{
    at_hand_.take(std::move(taken));
    while (!connection_.stopping() && (!at_hand_.is_done() || is_lost())) {
        metrics_.depth(queue_.depth());
        asking_ = false;
        try {
            auto& c = connection_.get();
            asking_ = true;
            at_hand_.attempt(c);
            if (is_lost()) { // perhaps nothing was left to write, and nobody has asked yet
                c.run("SELECT 1");
            }
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
        at_hand_.fail_durable(why);
    }
    connection_.sleep(pause_after(failures_++, 50ms, 2s));
}

void journal_writer::on_lost(database_error const& why)
{
    lost_ = true;
    if (health_ != nullptr && why.reason() == kind::lost) {
        health_->lost(why.what());
    }
    bool const unknown = asking_ && why.reason() == kind::lost;
    at_hand_.fail_durable(unknown ? database_error{kind::unknown, why.what()} : why);
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
