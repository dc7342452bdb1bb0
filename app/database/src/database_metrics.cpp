#include "database/database_metrics.hpp"

#include <array>
#include <string>
#include <utility>

namespace app {
namespace {

using kind = database_error::kind;

constexpr std::array counted{kind::lost, kind::busy, kind::read_only, kind::unknown, kind::failed};

} // namespace

database_metrics::database_metrics(std::shared_ptr<prometheus::Registry> registry)
    : registry_{std::move(registry)}
{
    if (!registry_) {
        return;
    }
    up_ = &prometheus::BuildGauge()
               .Name("prompt_service_database_up")
               .Help("1: the database answers the service's requests; 0: it is lost.")
               .Register(*registry_);
    losses_ = &prometheus::BuildCounter()
                   .Name("prompt_service_database_losses_total")
                   .Help("How often the database was lost after the gate had opened.")
                   .Register(*registry_)
                   .Add({});
    failures_ = &prometheus::BuildCounter()
                     .Name("prompt_service_database_failures_total")
                     .Help("Questions to the database that failed, by kind.")
                     .Register(*registry_);
    for (auto const how : counted) {
        failures_->Add(
            {{"kind", std::string{name(how)}}}); // from 0 on, so that the first failure is an increase
    }
}

void database_metrics::opened()
{
    if (up_ != nullptr && !std::exchange(opened_, true)) {
        up_->Add({}).Set(1);
    }
}

void database_metrics::lost()
{
    if (up_ != nullptr) {
        opened();
        up_->Add({}).Set(0);
        losses_->Increment();
    }
}

void database_metrics::back()
{
    if (up_ != nullptr) {
        up_->Add({}).Set(1);
    }
}

void database_metrics::failed(kind how)
{
    if (failures_ != nullptr && how != kind::refused) {
        failures_->Add({{"kind", std::string{name(how)}}}).Increment();
    }
}

} // namespace app
