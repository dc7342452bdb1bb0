#include "database_health.hpp"

namespace app {

database_health::database_health(schemagate::gate& gate, std::shared_ptr<spdlog::logger> log,
                                 std::shared_ptr<prometheus::Registry> registry)
    : gate_{gate}, log_{std::move(log)}, metrics_{std::move(registry)}
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
        gate_.database_trouble("database-unreachable");
        metrics_.lost();
    }
    log_->warn("database outcome=lost detail=\"{}\"", detail);
    if (listener_) {
        listener_();
    }
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
        gate_.database_trouble("");
        metrics_.back();
    }
    log_->info("database outcome=back");
}

} // namespace app
