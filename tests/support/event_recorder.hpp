// Remembers every event of a boot, and lets a test wait for one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "schemagate/observer.hpp"

namespace support {

/// May be asked from any thread while a boot runs.
class event_recorder : public schemagate::observer
{
public:
    void on_event(schemagate::event const& e) noexcept override;

    /// False when the limit passed without such an event; counts events that came before the call too.
    [[nodiscard]] bool wait_for(schemagate::step s, schemagate::outcome o,
                                std::chrono::milliseconds limit = std::chrono::seconds{30});
    [[nodiscard]] std::vector<schemagate::event> events() const;
    [[nodiscard]] std::vector<schemagate::event> events(schemagate::step s, schemagate::outcome o) const;

    /// Called on the boot's thread for each event, after it was recorded. Set it before the boot.
    std::function<void(schemagate::event const&)> then;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<schemagate::event> events_;
};

} // namespace support
