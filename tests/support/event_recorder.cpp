#include "event_recorder.hpp"

#include <algorithm>
#include <iterator>

namespace support {

void event_recorder::on_event(schemagate::event const& e) noexcept
{
    {
        std::lock_guard const lock{mutex_};
        events_.push_back(e);
    }
    changed_.notify_all();
    if (then) {
        then(e);
    }
}

bool event_recorder::wait_for(schemagate::step s, schemagate::outcome o, std::chrono::milliseconds limit)
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] {
        return std::any_of(events_.begin(), events_.end(),
                           [&](auto const& e) { return e.step == s && e.outcome == o; });
    });
}

std::vector<schemagate::event> event_recorder::events() const
{
    std::lock_guard const lock{mutex_};
    return events_;
}

std::vector<schemagate::event> event_recorder::events(schemagate::step s, schemagate::outcome o) const
{
    std::vector<schemagate::event> found;
    auto const all = events();
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [&](auto const& e) { return e.step == s && e.outcome == o; });
    return found;
}

} // namespace support
