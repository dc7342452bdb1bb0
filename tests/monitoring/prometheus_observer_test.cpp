// Events in, exposition out.
#include "schemagate/prometheus_observer.hpp"

#include <prometheus/text_serializer.h>

#include "catch.hpp"

using namespace schemagate;
using namespace std::chrono_literals;
using support::holds;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

struct counted_boot
{
    void tell(step s, outcome o, boot_state in, fields f = {}, std::chrono::milliseconds elapsed = 0ms)
    {
        event e{s, o, in};
        e.fields = std::move(f);
        e.elapsed = elapsed;
        listener->on_event(e);
    }
    void migrated(std::size_t position, std::size_t of, fields f = {})
    {
        event e{step::apply, outcome::done, boot_state::migrating};
        e.script = "0001_secret_plan";
        e.position = position;
        e.of = of;
        e.fields = std::move(f);
        listener->on_event(e);
    }
    void begin(std::string const& mode = "apply")
    {
        tell(step::leave_io, outcome::done, boot_state::reading,
             {{"mode", mode}, {"catalog", "sha256:ab"}, {"application_version", "1.2"}});
    }
    void refused(step s, std::string const& code)
    {
        tell(s, outcome::failed, boot_state::refused, {{"code", code}, {"exit", "76"}});
    }
    void open(std::string const& version)
    {
        tell(step::open, outcome::done, boot_state::open,
             {{"admission", "verified"}, {"schema_version", version}});
    }
    [[nodiscard]] std::string text() const
    {
        return "\n" + prometheus::TextSerializer{}.Serialize(registry->Collect());
    }

    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    std::shared_ptr<observer> listener = count_in(registry);
};

auto line(std::string const& sample)
{
    return holds("\n" + sample + "\n");
}

} // namespace

TEST_CASE("before the first event: reading, and every counter at 0", "[metrics]")
{
    counted_boot const boot;
    auto const text = boot.text();
    CHECK_THAT(text, line("schemagate_state{state=\"reading\"} 1") &&
                         line("schemagate_state{state=\"open\"} 0") && line("schemagate_applied_total 0") &&
                         line("schemagate_connect_attempts_total 0") && line("schemagate_drift_objects 0") &&
                         line("schemagate_skipped_on_primary 0"));
    CHECK_THAT(text, holds("\nschemagate_boot_start_time_seconds 1") ||
                         holds("\nschemagate_boot_start_time_seconds 2"));
}

TEST_CASE("exactly one state and one mode are 1", "[metrics]")
{
    counted_boot boot;
    boot.begin("wait");
    boot.tell(step::lock, outcome::waiting, boot_state::waiting_for_lock, {{"holder_pid", "1"}}, 1500ms);
    CHECK_THAT(boot.text(), line("schemagate_state{state=\"waiting_for_lock\"} 1") &&
                                line("schemagate_state{state=\"reading\"} 0") &&
                                line("schemagate_mode{mode=\"wait\"} 1") &&
                                line("schemagate_mode{mode=\"apply\"} 0") &&
                                line("schemagate_lock_wait_seconds 1.5"));
}

TEST_CASE("an attempt to connect counts once, failed or not; what else ends in that step is no attempt",
          "[metrics]")
{
    counted_boot boot;
    auto const connecting = boot_state::connecting;
    boot.tell(step::connect, outcome::retrying, connecting, {{"code", "unreachable"}, {"sqlstate", ""}});
    boot.tell(step::connect, outcome::retrying, connecting, {{"code", "unreachable"}});
    boot.tell(step::connect, outcome::done, connecting, {{"server_version", "150000"}}, 250ms);
    boot.tell(step::connect, outcome::retrying, connecting); // lost in a later step
    boot.tell(step::connect, outcome::failed, boot_state::stopping, {{"code", "interrupted"}});
    boot.refused(step::connect, "authentication-failed");
    auto const text = boot.text();
    CHECK_THAT(text, line("schemagate_connect_attempts_total 4") &&
                         line("schemagate_connect_failures_total{code=\"unreachable\"} 2") &&
                         line("schemagate_connect_failures_total{code=\"authentication-failed\"} 1") &&
                         line("schemagate_connections_lost_total 1") &&
                         line("schemagate_step_seconds{step=\"connect\"} 0.25"));
    CHECK_THAT(text, !holds("interrupted"));
}

TEST_CASE("migrations count where they ran, and pending goes down with each", "[metrics]")
{
    counted_boot boot;
    boot.tell(step::check, outcome::done, boot_state::checking,
              {{"schema_version", "0001"}, {"pending", "3"}});
    CHECK_THAT(boot.text(), line("schemagate_pending 3"));
    boot.tell(step::apply, outcome::retrying, boot_state::migrating, {{"sqlstate", "55P03"}});
    boot.migrated(1, 3);
    boot.migrated(2, 3, {{"ran", "no"}});
    CHECK_THAT(boot.text(), line("schemagate_applied_total 1") && line("schemagate_pending 1") &&
                                line("schemagate_ddl_retries_total 1"));
    // What is told in the step's name without a plan must not bring it to 0.
    boot.tell(step::plan, outcome::done, boot_state::migrating, {{"role", "reader"}});
    CHECK_THAT(boot.text(), line("schemagate_pending 1"));
}

TEST_CASE("what runs on which schema is one series at any time", "[metrics]")
{
    counted_boot boot;
    auto const info = [](std::string const& version) {
        return "schemagate_info{application_version=\"1.2\",catalog=\"sha256:ab\",mode=\"apply\","
               "schema_version=\"" +
               version + "\"} 1";
    };
    boot.begin();
    CHECK_THAT(boot.text(), line(info("")));
    boot.tell(step::check, outcome::done, boot_state::checking,
              {{"schema_version", "0001"}, {"pending", "1"}});
    CHECK_THAT(boot.text(), line(info("0001")) && !line(info("")));
    boot.open("0002");
    boot.open("0002");
    auto const text = boot.text();
    CHECK_THAT(text, line(info("0002")) && !line(info("0001")) &&
                         line("schemagate_admission{admission=\"verified\"} 1"));
}

TEST_CASE("the last refusal is 1 until the gate opens", "[metrics]")
{
    counted_boot boot;
    boot.refused(step::connect, "unreachable");
    boot.begin();
    boot.refused(step::plan, "checksum-mismatch");
    boot.begin();
    boot.refused(step::plan, "checksum-mismatch");
    boot.begin(); // looked at again: still refused until proven otherwise
    CHECK_THAT(boot.text(), line("schemagate_refusal{code=\"checksum-mismatch\"} 1") &&
                                line("schemagate_refusal{code=\"unreachable\"} 0") &&
                                line("schemagate_refusals_total{code=\"checksum-mismatch\"} 2") &&
                                line("schemagate_refusals_total{code=\"unreachable\"} 1"));
    boot.open("0002");
    CHECK_THAT(boot.text(), line("schemagate_refusal{code=\"checksum-mismatch\"} 0"));
}

TEST_CASE("drift stays until a boot finds it put back", "[metrics]")
{
    counted_boot boot;
    boot.begin();
    boot.tell(step::verify, outcome::warned, boot_state::verifying, {{"drifted", "2"}});
    boot.open("0002");
    CHECK_THAT(boot.text(), line("schemagate_drift_objects 2"));
    boot.begin();
    boot.refused(step::check, "drift");
    CHECK_THAT(boot.text(), line("schemagate_drift_objects 1"));
    boot.begin();
    boot.open("0002");
    CHECK_THAT(boot.text(), line("schemagate_drift_objects 0"));
}

TEST_CASE("skipped on a primary: 1, and no refusal", "[metrics]")
{
    counted_boot boot;
    boot.tell(step::serve, outcome::failed, boot_state::open, {{"skipped_on_primary", "1"}});
    auto const text = boot.text();
    CHECK_THAT(text, line("schemagate_skipped_on_primary 1") && !holds("schemagate_refusal{"));
}

TEST_CASE("neither a message nor a script, a holder or a URL becomes a label", "[metrics]")
{
    counted_boot boot;
    boot.tell(step::validate, outcome::done, boot_state::reading,
              {{"url", "postgresql://u:SECRET@h/d"}, {"where", "SECRET"}});
    boot.tell(step::lock, outcome::waiting, boot_state::waiting_for_lock,
              {{"holder_role", "SECRET"}, {"holder_query", "select 'SECRET'"}});
    boot.migrated(1, 1);
    event e{step::check, outcome::warned, boot_state::checking};
    e.message = "public.secret_table was changed";
    boot.listener->on_event(e);
    auto const text = boot.text();
    CHECK_THAT(text, !holds("SECRET") && !holds("secret"));
}
