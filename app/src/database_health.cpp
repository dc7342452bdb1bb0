#include "database_health.hpp"

namespace app {

database_health::database_health(schemagate::gate& gate, std::shared_ptr<spdlog::logger> log)
    : gate_{gate}, log_{std::move(log)}
{}

void database_health::lost(char const* detail)
{
    {
        std::lock_guard const lock{changing_};
        if (lost_) {
            return;
        }
        lost_ = true;
        gate_.database_trouble("database-unreachable");
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
    }
    log_->info("database outcome=back");
}

} // namespace app
