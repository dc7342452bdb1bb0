// What surrounds the engine in a server: the signals until the gate opens, the deadline, and the gate itself.
//
// A signal only requests the stop; the engine's thread sees it in poll(2), cancels its statement and rolls
// back. Should it not come back in time (a server that answers nothing, a name look-up that hangs), a
// deadline ends the process: the server then rolls back by itself.
#include "schemagate/boot.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>
#include <random>

#include "schemagate/async_run.hpp"
#include "schemagate/closing_line.hpp"

namespace schemagate {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr auto stop_max = 4500ms; // SIGTERM ends a boot within 5 s

failure interrupted_while_holding()
{
    return {errc::interrupted, "interrupted by a signal while a refusal was held.",
            "The refusal, in the log and in the line before, is what is to be mended."};
}

class boot_in_progress : public std::enable_shared_from_this<boot_in_progress>
{
public:
    boot_in_progress(asio::io_context& io, gate& at, std::shared_ptr<observer> listener)
        : io_{io}, gate_{at}, observer_{both(at.as_observer(), std::move(listener))},
          signals_{io, SIGTERM, SIGINT}, deadline_{io}, next_attempt_{io}
    {
        gate_.tell(observer_);
    }

    void start(settings with, catalog const& shipped)
    {
        gate_.require_token(std::move(with.gate_token));
        if (with.on_refusal == refusal_policy::hold) {
            held_ = with;
        }
        wait_for_signal();
        attempt(std::move(with), shipped);
    }

private:
    void attempt(settings with, catalog const& shipped)
    {
        if (stopping_) { // the signal came between the timer's end and now
            throw interrupted_while_holding();
        }
        auto finished = [self = shared_from_this(), &shipped](std::exception_ptr const& error,
                                                              std::optional<boot_report> const& result) {
            if (!error || !self->holds(error, shipped)) {
                self->finish(error, result);
            }
        };
        async_run(io_.get_executor(), std::move(with), shipped, observer_,
                  asio::bind_cancellation_slot(stop_.slot(), std::move(finished)));
    }

    // A secret in a file may be what was mended meanwhile.
    void attempt_again(catalog const& shipped)
    {
        try {
            held_->read_files_again();
        }
        catch (failure const& f) {
            event refused{step::read, outcome::failed, boot_state::refused};
            refused.message = f.message();
            refused.fields = {{"code", std::string{f.code_name()}}, {"exit", std::to_string(f.exit_code())}};
            observer_->on_event(refused);
            if (auto const error = std::current_exception(); !holds(error, shipped)) {
                refuse(error);
            }
            return;
        }
        attempt(*held_, shipped);
    }

    // SCHEMAGATE_ON_REFUSAL=hold: true if the process stays and tries again later.
    bool holds(std::exception_ptr const& error, catalog const& shipped)
    {
        if (!held_ || stopping_) {
            return false;
        }
        try {
            std::rethrow_exception(error);
        }
        catch (failure const& f) {
            if (f.code() == errc::interrupted) {
                return false;
            }
            gate_.refuse(f);
            if (f.message() != told_) { // once, not at every attempt
                told_ = f.message();
                static_cast<void>(report(f));
            }
        }
        catch (...) { // a fault of ours does not get better by waiting
            return false;
        }
        // 200 replicas must not come back in step: 1 s doubling to 60 s, with full jitter above its half.
        auto const longest = std::min<long long>(60'000, 1'000LL << std::min(attempts_++, 6));
        next_attempt_.expires_after(std::chrono::milliseconds{
            std::uniform_int_distribution<long long>{longest / 2, longest}(random_)});
        next_attempt_.async_wait([self = shared_from_this(), &shipped](boost::system::error_code const& ec) {
            if (!ec) {
                self->attempt_again(shipped);
            }
        });
        return true;
    }

    void finish(std::exception_ptr const& error, std::optional<boot_report> const& result)
    {
        deadline_.cancel();
        held_.reset();
        if (error) {
            signals_.cancel();
            refuse(error);
        }
        if (stopping_) {
            signals_.cancel();
            throw failure{errc::interrupted, "interrupted by a signal just before the gate opened.",
                          "Nothing is wrong: start it again."};
        }
        announce(*result);
        gate_.open(*result);
        event opened{step::open, outcome::done, boot_state::open};
        opened.elapsed = result->elapsed;
        opened.fields = {{"admission", std::string{name(result->admission().kind())}},
                         {"schema_version", result->schema_version}};
        observer_->on_event(opened);
        observer_->on_event({step::serve, outcome::done, boot_state::open});
        // After the listeners that open() posted, so that there is no moment in which nobody answers a
        // signal.
        asio::post(io_, [self = shared_from_this()] { self->signals_.cancel(); });
    }

    [[noreturn]] void refuse(std::exception_ptr const& error)
    {
        try {
            std::rethrow_exception(error);
        }
        catch (failure const& f) {
            gate_.refuse(f);
            throw; // out of io.run()
        }
    }

    void wait_for_signal()
    {
        signals_.async_wait([self = shared_from_this()](boost::system::error_code const& ec, int) {
            if (!ec) {
                self->on_signal();
            }
        });
    }

    void on_signal()
    {
        if (gate_.is_open()) {
            return; // from here on the signal is the application's
        }
        if (std::exchange(stopping_, true)) {
            give_up("a second signal");
        }
        gate_.stopping();
        if (next_attempt_.cancel() > 0) { // a refusal was being held: nothing runs that would have to end
            throw interrupted_while_holding();
        }
        stop_.emit(asio::cancellation_type::terminal);
        deadline_.expires_after(stop_max);
        deadline_.async_wait([self = shared_from_this()](boost::system::error_code const& ec) {
            if (!ec) {
                self->give_up("the server did not answer in time");
            }
        });
        wait_for_signal();
    }

    [[noreturn]] void give_up(std::string const& why)
    {
        std::_Exit(report(failure{errc::interrupted,
                                  "interrupted by a signal (" + why +
                                      "); the server rolls back what it has not committed, and the next "
                                      "boot reads it in the history.",
                                  "Nothing is wrong: start it again."}));
    }

    asio::io_context& io_;
    gate& gate_;
    std::shared_ptr<observer> observer_;
    asio::signal_set signals_;
    asio::steady_timer deadline_;
    asio::steady_timer next_attempt_;
    asio::cancellation_signal stop_;
    bool stopping_ = false;
    std::optional<settings> held_; // only where they may be needed again: they hold passwords
    std::string told_;
    int attempts_ = 0;
    std::mt19937_64 random_{std::random_device{}()};
};

} // namespace

void boot(asio::io_context& io, gate& at, settings with, catalog const& shipped,
          std::shared_ptr<observer> listener)
{
    std::make_shared<boot_in_progress>(io, at, std::move(listener))->start(std::move(with), shipped);
}

} // namespace schemagate
