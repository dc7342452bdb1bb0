#include "schemagate/async_run.hpp"

namespace schemagate::detail {

engine_thread::~engine_thread()
{
    if (thread_.joinable()) {
        stop_.request_stop();
        thread_.get_id() == std::this_thread::get_id() ? thread_.detach() : thread_.join();
    }
}

void engine_thread::start(settings with, catalog const& shipped, std::shared_ptr<observer> listener,
                          completion done)
{
    std::lock_guard const lock{starting_};
    thread_ = std::thread{[with = std::move(with), &shipped, listener = std::move(listener),
                           done = std::move(done), stop = stop_.get_token()] {
        std::exception_ptr error;
        std::optional<boot_report> result;
        try {
            if (listener) {
                event left{step::leave_io, outcome::done, boot_state::reading};
                left.fields = {{"mode", std::string{name(with.mode)}},
                               {"catalog", "sha256:" + shipped.digest()},
                               {"application_version", with.application_version}};
                listener->on_event(left);
            }
            result = run(with, shipped, listener, stop);
        }
        catch (...) {
            error = std::current_exception();
        }
        done(error, result);
    }};
}

void engine_thread::join()
{
    std::lock_guard const lock{starting_};
    if (thread_.joinable()) {
        thread_.join();
    }
}

} // namespace schemagate::detail
