#include "database/database_watch.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "database/database_error.hpp"

namespace app {

using namespace std::chrono_literals;

database_watch::database_watch(boost::asio::any_io_executor const& executor,
                               boost::asio::thread_pool& workers, std::function<bool()> ask,
                               database_health& health)
    : timer_{executor}, workers_{workers}, ask_{std::move(ask)}, health_{health}
{}

void database_watch::look_now()
{
    if (!running_ && !stopped_) {
        running_ = true;
        ask();
    }
}

void database_watch::start()
{
    if (!running_ && !stopped_) {
        running_ = true;
        ask_later();
    }
}

void database_watch::stop()
{
    stopped_ = true;
    timer_.cancel();
}

void database_watch::ask_later()
{
    timer_.expires_after(2s);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
        if (!ec && !self->stopped_) {
            self->ask();
        }
    });
}

void database_watch::ask()
{
    boost::asio::post(workers_, [self = shared_from_this()] {
        try {
            auto const standby = self->ask_();
            self->health_.works();
            if (self->listener_) {
                self->listener_(standby);
            }
        }
        catch (database_error const& e) {
            if (e.reason() == database_error::kind::lost) {
                self->health_.lost(e.what()); // told once: mostly the log has said so already, and why
            }
        }
        catch (std::exception const&) { // asked again as long as it is lost
        }
        boost::asio::post(self->timer_.get_executor(), [self] {
            self->running_ = false;
            if (self->health_.is_lost()) {
                self->start();
            }
        });
    });
}

} // namespace app
