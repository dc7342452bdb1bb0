#include "schemagate/prometheus_observer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <string>

#include "schemagate/error_code.hpp"
#include "schemagate/settings.hpp"

namespace schemagate {
namespace {

using counters = prometheus::Family<prometheus::Counter>;
using gauges = prometheus::Family<prometheus::Gauge>;

constexpr boot_state states[] = {
    boot_state::reading,   boot_state::connecting, boot_state::checking, boot_state::waiting_for_lock,
    boot_state::migrating, boot_state::verifying,  boot_state::open,     boot_state::refused,
    boot_state::stopping};

constexpr mode modes[] = {mode::apply, mode::wait, mode::verify, mode::skip};

counters& counter(prometheus::Registry& in, char const* name, char const* help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}

gauges& gauge(prometheus::Registry& in, char const* name, char const* help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}

double now()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
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

long long number(std::string const& text, long long otherwise)
{
    auto value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class prometheus_observer final : public observer
{
public:
    explicit prometheus_observer(std::shared_ptr<prometheus::Registry> in) : registry_{std::move(in)}
    {
        gauge(*registry_, "schemagate_boot_start_time_seconds", "Unix time at which the boot began.")
            .Add({})
            .Set(now());
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
    void count(event const& e)
    {
        enter(e.state);
        if (e.outcome == outcome::done && e.step != step::apply) {
            step_.Add({{"step", std::string{name(e.step)}}}).Set(seconds(e.elapsed));
        }
        if (auto const drifted = field(e, "drifted"); !drifted.empty()) {
            see_drift(static_cast<int>(number(drifted, 1)));
        }
        if (e.outcome == outcome::failed && e.state == boot_state::refused) {
            refuse(field(e, "code"));
        }
        switch (e.step) {
        case step::leave_io: begin_attempt(e); break;
        case step::connect: count_attempt(e, field(e, "code")); break;
        case step::check:
        case step::plan: see_schema(e); break;
        case step::lock: lock_wait_.Set(seconds(e.elapsed)); break;
        case step::apply: count_migration(e); break;
        case step::open: open(e); break;
        case step::serve:
            if (!field(e, "skipped_on_primary").empty()) {
                skipped_on_primary_.Set(1);
            }
            break;
        default: break;
        }
    }

    void enter(boot_state now)
    {
        for (auto const each : states) {
            state_.Add({{"state", std::string{name(each)}}}).Set(each == now ? 1 : 0);
        }
    }

    // A refusal that is held begins anew, in the same process.
    void begin_attempt(event const& e)
    {
        drift_seen_ = false;
        mode_now_ = field(e, "mode");
        catalog_ = field(e, "catalog");
        application_version_ = field(e, "application_version");
        for (auto const each : modes) {
            mode_.Add({{"mode", std::string{name(each)}}}).Set(name(each) == mode_now_ ? 1 : 0);
        }
        inform(schema_version_);
    }

    // One series: a version that is not the present one any more must not be counted as one.
    void inform(std::string const& schema_version)
    {
        schema_version_ = schema_version;
        prometheus::Labels const labels{{"schema_version", schema_version},
                                        {"catalog", catalog_},
                                        {"mode", mode_now_},
                                        {"application_version", application_version_}};
        auto& present = info_.Add(labels);
        present.Set(1);
        if (informed_ != nullptr && informed_ != &present) {
            info_.Remove(informed_);
        }
        informed_ = &present;
    }

    void count_attempt(event const& e, std::string const& code)
    {
        if (e.outcome == outcome::retrying && code.empty()) {
            connections_lost_.Increment();
        }
        else if (e.outcome == outcome::done) {
            attempts_.Increment();
        }
        else if ((e.outcome == outcome::retrying || e.outcome == outcome::failed) &&
                 code != name(errc::interrupted)) {
            attempts_.Increment();
            connect_failures_.Add({{"code", code}}).Increment();
        }
    }

    void see_schema(event const& e)
    {
        if (e.outcome != outcome::done || field(e, "pending").empty()) {
            return;
        }
        pending_.Set(static_cast<double>(number(field(e, "pending"), 0)));
        inform(field(e, "schema_version"));
    }

    void count_migration(event const& e)
    {
        if (e.outcome == outcome::retrying) {
            ddl_retries_.Increment();
        }
        else if (auto const total = number(field(e, "progress_total"), 0); total > 0) {
            // The phases of a build count different things; each begins anew.
            index_build_.Set(static_cast<double>(number(field(e, "progress_done"), 0)) /
                             static_cast<double>(total));
        }
        else if (e.outcome == outcome::done) {
            index_build_.Set(0);
            if (field(e, "ran") != "no") {
                applied_.Increment();
            }
            pending_.Set(static_cast<double>(e.of - e.position));
        }
    }

    void see_drift(int objects)
    {
        drift_seen_ = true;
        drift_.Set(objects);
    }

    void refuse(std::string const& code)
    {
        if (code == name(errc::drift)) {
            see_drift(1);
        }
        refusals_.Add({{"code", code}}).Increment();
        if (!refused_code_.empty() && refused_code_ != code) {
            refusal_.Add({{"code", refused_code_}}).Set(0);
        }
        refusal_.Add({{"code", code}}).Set(1);
        refused_code_ = code;
    }

    void open(event const& e)
    {
        admission_.Add({{"admission", field(e, "admission")}}).Set(1);
        inform(field(e, "schema_version"));
        if (!refused_code_.empty()) {
            refusal_.Add({{"code", refused_code_}}).Set(0);
        }
        if (!drift_seen_) { // of an earlier attempt, and put back meanwhile
            drift_.Set(0);
        }
    }

    std::shared_ptr<prometheus::Registry> registry_;
    gauges& info_ = gauge(*registry_, "schemagate_info", "1; the labels say what runs on which schema.");
    gauges& mode_ = gauge(*registry_, "schemagate_mode", "1 for SCHEMAGATE_MODE.");
    gauges& state_ = gauge(*registry_, "schemagate_state", "1 for the boot's present state.");
    gauges& step_ = gauge(*registry_, "schemagate_step_seconds", "Duration of each step that was done.");
    prometheus::Counter& attempts_ =
        counter(*registry_, "schemagate_connect_attempts_total", "Attempts to connect that came to an end.")
            .Add({});
    counters& connect_failures_ =
        counter(*registry_, "schemagate_connect_failures_total", "Failed attempts to connect, by code.");
    prometheus::Counter& connections_lost_ =
        counter(*registry_, "schemagate_connections_lost_total", "Connections that ended under the boot.")
            .Add({});
    prometheus::Gauge& pending_ =
        gauge(*registry_, "schemagate_pending", "Migrations still to be applied.").Add({});
    prometheus::Counter& applied_ =
        counter(*registry_, "schemagate_applied_total", "Migrations that this process applied.").Add({});
    prometheus::Gauge& lock_wait_ =
        gauge(*registry_, "schemagate_lock_wait_seconds", "Time spent waiting for another process.").Add({});
    prometheus::Gauge& index_build_ =
        gauge(*registry_, "schemagate_index_build_ratio",
              "How far the present phase of an index build is, 0 to 1; 0 when none is watched.")
            .Add({});
    prometheus::Counter& ddl_retries_ = counter(*registry_, "schemagate_ddl_retries_total",
                                                "Migrations' transactions repeated because of table locks.")
                                            .Add({});
    prometheus::Gauge& drift_ =
        gauge(*registry_, "schemagate_drift_objects", "Objects that are not as the last migration left them.")
            .Add({});
    counters& refusals_ = counter(*registry_, "schemagate_refusals_total", "Boots refused, by code.");
    gauges& refusal_ =
        gauge(*registry_, "schemagate_refusal", "1 for the last refusal's code, until the gate opens.");
    gauges& admission_ = gauge(*registry_, "schemagate_admission", "1 for how the gate was opened.");
    prometheus::Gauge& skipped_on_primary_ = gauge(*registry_, "schemagate_skipped_on_primary",
                                                   "1: SCHEMAGATE_MODE=skip, but the server is a primary.")
                                                 .Add({});

    prometheus::Gauge* informed_ = nullptr;
    std::string schema_version_;
    std::string catalog_;
    std::string mode_now_;
    std::string application_version_;
    std::string refused_code_;
    bool drift_seen_ = false;
};

} // namespace

std::shared_ptr<observer> count_in(std::shared_ptr<prometheus::Registry> registry)
{
    return std::make_shared<prometheus_observer>(std::move(registry));
}

} // namespace schemagate
