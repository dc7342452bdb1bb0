#include "schemagate/systemd_observer.hpp"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <string>
#include <systemd/sd-daemon.h>
#include <thread>

namespace schemagate {
namespace {

constexpr int keep_variable = 0; // others of this process may want to notify as well

std::string status_of(event const& e)
{
    std::string text{name(e.state)};
    if (e.outcome == outcome::failed) {
        text += " failed";
        for (auto const& [key, value] : e.fields) {
            if (key == "code") {
                text += ": " + value;
            }
        }
    }
    else if (!e.script.empty() && e.position != 0) {
        text += " " + e.script + " (" + std::to_string(e.position) + " of " + std::to_string(e.of) + ")";
    }
    return text;
}

class systemd_observer final : public observer
{
public:
    explicit systemd_observer(std::chrono::milliseconds every)
        : every_{every}, extension_{"EXTEND_TIMEOUT_USEC=" +
                                    std::to_string(std::chrono::microseconds{3 * every}.count())}
    {}

    void on_event(event const& e) noexcept override
    {
        try {
            tell(e);
        }
        catch (...) { // out of memory or threads: the boot goes on
        }
    }

private:
    void tell(event const& e)
    {
        bool const opened = e.step == step::open && e.outcome == outcome::done;
        if (auto status = status_of(e); status != status_ || opened) {
            status_ = std::move(status);
            sd_notify(keep_variable, ((opened ? "READY=1\nSTATUS=" : "STATUS=") + status_).c_str());
        }
        if (opened) {
            opened_ = true;
            keep_alive_ = {}; // ends and joins it
        }
        else if (!opened_ && !keep_alive_.joinable()) {
            keep_alive_ = std::jthread{[this](std::stop_token const& stop) { extend_until(stop); }};
        }
    }

    void extend_until(std::stop_token const& stop)
    {
        std::mutex alone;
        std::condition_variable_any ended;
        std::unique_lock lock{alone};
        while (!stop.stop_requested()) {
            sd_notify(keep_variable, extension_.c_str());
            ended.wait_for(lock, stop, every_, [] { return false; });
        }
    }

    std::chrono::milliseconds every_;
    std::string extension_;
    std::string status_;
    bool opened_ = false;
    std::jthread keep_alive_; // last: it ends before what it uses
};

} // namespace

std::shared_ptr<observer> tell_systemd(std::chrono::milliseconds every)
{
    if (std::getenv("NOTIFY_SOCKET") == nullptr) {
        return nullptr;
    }
    return std::make_shared<systemd_observer>(every);
}

} // namespace schemagate
