#include "database/notifications.hpp"

#include <libpq-fe.h>
#include <utility>

#include "database/database_error.hpp"
#include "database/jitter.hpp"
#include "identifier.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using kind = database_error::kind;

// The server is one that will not let us listen, however often it is asked.
class cannot_listen : public std::exception
{};

struct notify_deleter
{
    void operator()(PGnotify* n) const noexcept { PQfreemem(n); }
};

} // namespace

notifications::notifications(database_target& target, std::string channel, notification_listener listener,
                             std::shared_ptr<spdlog::logger> log)
    : channel_{std::move(channel)}, listener_{std::move(listener)}, log_{std::move(log)},
      connection_{target, "notifications", 5s, stopping_.get_token()}, thread_{[this] { run(); }}
{}

notifications::~notifications()
{
    stop();
}

void notifications::stop()
{
    stopping_.request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void notifications::run()
{
    while (!connection_.stopping()) {
        try {
            listen();
        }
        catch (cannot_listen const&) {
            if (!std::exchange(refused_, true)) {
                log_->info(
                    "notifications outcome=refused detail=\"a standby or a pooler; changes are found by "
                    "asking\"");
            }
            connection_.close();
            connection_.sleep(pause_after(0, 30s, 30s));
            continue;
        }
        catch (std::exception const& e) {
            if (listening_.exchange(false) && !connection_.stopping()) {
                log_->warn("notifications outcome=lost detail=\"{}\"", e.what());
            }
        }
        listening_ = false;
        connection_.close();
        if (!connection_.stopping()) {
            connection_.sleep(pause_after(failures_++, 200ms, 5s));
        }
    }
}

void notifications::listen()
{
    auto& c = connection_.get();
    if (c.is_pooled() || truth_in(c.ask("SELECT pg_is_in_recovery()")[0].at(0))) {
        throw cannot_listen{};
    }
    c.run("LISTEN " + quoted_identifier(channel_));
    log_->info("notifications outcome=listening channel={}", channel_);
    refused_ = false;
    failures_ = 0;
    listening_ = true;
    listener_.on_connect();
    hear(c);
}

// Ends by an exception.
void notifications::hear(database_connection& c)
{
    for (;;) {
        if (PQconsumeInput(c.handle()) == 0 || !c.is_usable()) {
            throw database_error{kind::lost, "the connection ended"};
        }
        for (;;) {
            std::unique_ptr<PGnotify, notify_deleter> const told{PQnotifies(c.handle())};
            if (!told) {
                break;
            }
            listener_.on_notification(told->extra);
        }
        static_cast<void>(connection_.stop().wait(PQsocket(c.handle()), false, 1h));
    }
}

} // namespace app
