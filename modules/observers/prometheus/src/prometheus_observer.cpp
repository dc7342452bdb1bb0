#include "schemagate/prometheus_observer.hpp"

#include <charconv>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <string>

namespace schemagate {
namespace {

using counters = prometheus::Family<prometheus::Counter>;
using gauges = prometheus::Family<prometheus::Gauge>;

constexpr boot_state states[] = {
    boot_state::reading,   boot_state::connecting, boot_state::checking, boot_state::waiting_for_lock,
    boot_state::migrating, boot_state::verifying,  boot_state::open,     boot_state::refused,
    boot_state::stopping};

counters& counter(prometheus::Registry& in, char const* name, char const* help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}

gauges& gauge(prometheus::Registry& in, char const* name, char const* help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}

double seconds(std::chrono::milliseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

std::string field(event const& e, std::string_view name)
{
    for (auto const& [key, value] : e.fields) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

class prometheus_observer final : public observer
{
public:
    explicit prometheus_observer(std::shared_ptr<prometheus::Registry> in)
        : registry_{std::move(in)}, state_{gauge(*registry_, "schemagate_state",
                                                 "1 for the boot's present state.")},
          step_{gauge(*registry_, "schemagate_step_seconds", "Duration of each step that was done.")},
          connect_failures_{counter(*registry_, "schemagate_connect_failures_total",
                                    "Failed attempts to connect, by code.")},
          admission_{gauge(*registry_, "schemagate_admission", "1 for how the gate was opened.")},
          applied_{counter(*registry_, "schemagate_applied_total", "Migrations that this process applied.")
                       .Add({})},
          ddl_retries_{counter(*registry_, "schemagate_ddl_retries_total",
                               "Migrations' transactions repeated because of table locks.")
                           .Add({})},
          pending_{gauge(*registry_, "schemagate_pending", "Migrations still to be applied.").Add({})},
          lock_wait_{
              gauge(*registry_, "schemagate_lock_wait_seconds", "Time spent waiting for another process.")
                  .Add({})},
          skipped_on_primary_{gauge(*registry_, "schemagate_skipped_on_primary",
                                    "1: SCHEMAGATE_MODE=skip, but the server is a primary.")
                                  .Add({})}
    {
        enter(boot_state::reading);
    }

    void on_event(event const& e) noexcept override
    {
        try {
            count(e);
        }
        catch (...) { // out of memory: the boot goes on
        }
    }

private:
    void enter(boot_state now)
    {
        for (auto const each : states) {
            state_.Add({{"state", std::string{name(each)}}}).Set(each == now ? 1 : 0);
        }
    }

    void count(event const& e)
    {
        enter(e.state);
        if (e.outcome == outcome::done && e.step != step::apply) {
            step_.Add({{"step", std::string{name(e.step)}}}).Set(seconds(e.elapsed));
        }
        switch (e.step) {
        case step::connect:
            if (e.outcome == outcome::retrying || e.outcome == outcome::failed) {
                connect_failures_.Add({{"code", field(e, "code")}}).Increment();
            }
            break;
        case step::plan: set_pending(field(e, "pending")); break;
        case step::lock: lock_wait_.Set(seconds(e.elapsed)); break;
        case step::apply: count_migration(e); break;
        case step::open: admission_.Add({{"admission", field(e, "admission")}}).Set(1); break;
        case step::serve:
            if (!field(e, "skipped_on_primary").empty()) {
                skipped_on_primary_.Set(1);
            }
            break;
        default: break;
        }
    }

    void count_migration(event const& e)
    {
        if (e.outcome == outcome::retrying) {
            ddl_retries_.Increment();
        }
        else if (e.outcome == outcome::done) {
            applied_.Increment();
            pending_.Set(static_cast<double>(e.of - e.position));
        }
    }

    void set_pending(std::string const& text)
    {
        auto value = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{}) {
            pending_.Set(value);
        }
    }

    std::shared_ptr<prometheus::Registry> registry_;
    gauges& state_;
    gauges& step_;
    counters& connect_failures_;
    gauges& admission_;
    prometheus::Counter& applied_;
    prometheus::Counter& ddl_retries_;
    prometheus::Gauge& pending_;
    prometheus::Gauge& lock_wait_;
    prometheus::Gauge& skipped_on_primary_;
};

} // namespace

std::shared_ptr<observer> count_in(std::shared_ptr<prometheus::Registry> registry)
{
    return std::make_shared<prometheus_observer>(std::move(registry));
}

} // namespace schemagate
