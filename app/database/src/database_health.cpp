#include "database/database_health.hpp"

#include <utility>

namespace app {

database_health::database_health(std::shared_ptr<spdlog::logger> log,
                                 std::shared_ptr<prometheus::Registry> registry)
    : log_{std::move(log)}, metrics_{std::move(registry)}
{}

void database_health::opened()
{
    std::lock_guard const lock{changing_};
    metrics_.opened();
}

void database_health::lost(char const* detail)
{
    {
        std::lock_guard const lock{changing_};
        if (lost_) {
            return;
        }
        lost_ = true;
        metrics_.lost();
        tell(true);
    }
    log_->warn("database outcome=lost detail=\"{}\"", detail);
}

void database_health::works()
{
    if (!is_lost()) {
        return;
    }
    {
        std::lock_guard const lock{changing_};
        if (!lost_) {
            return;
        }
        lost_ = false;
        metrics_.back();
        tell(false);
    }
    log_->info("database outcome=back");
}

void database_health::tell(bool lost) const
{
    for (auto const& listener : listeners_) {
        listener(lost);
    }
}

} // namespace app
