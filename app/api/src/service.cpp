#include "api/service.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <mutex>
#include <prometheus/text_serializer.h>
#include <set>

#include "analysis_limits.hpp"
#include "api/route_list.hpp"
#include "database/database_error.hpp"
#include "database/database_health.hpp"
#include "database/database_watch.hpp"
#include "database/notifications.hpp"
#include "http/http_metrics.hpp"
#include "http/server.hpp"
#include "identity/api_key.hpp"
#include "log_months.hpp"
#include "problem_of.hpp"
#include "route/rate_limit.hpp"
#include "route/router.hpp"
#include "service_metrics.hpp"
#include "snapshot/snapshot_loader.hpp"

namespace app {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t waiting_max = 1'000; // requests that may wait for a thread of the pool
constexpr std::size_t analyses_waiting_max = 20;
constexpr auto flush_time = 1'800ms; // with the drain it is less than server_options::end_time

std::int64_t unix_now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

class service::assembly
{
public:
    assembly(asio::io_context& io, schemagate::gate& gate, schemagate::settings with, service_options options,
             std::shared_ptr<spdlog::logger> log)
        : io_{io}, gate_{gate}, log_{log}, options_{std::move(options)}, health_{log, options_.registry},
          target_{std::move(with)}, db_{target_,
                                        {.connections = options_.settings.database_connections},
                                        &health_},
          snapshot_db_{target_, {.connections = 1}, nullptr}, analysis_db_{target_, analysis_options,
                                                                           &health_},
          snapshots_{{[this](auto const& known) { return load(known); },
                      [this](std::exception const* failed) { loaded(failed); }}},
          journal_{target_,
                   {.bytes_max = options_.settings.log_queue_bytes,
                    .drop_when_full = options_.settings.drop_when_full},
                   log,
                   options_.registry,
                   &health_},
          workers_{options_.settings.database_connections}, metrics_{*options_.registry},
          http_metrics_{options_.registry}, executions_{db_.schema()}, parts_{options_.settings,
                                                                              db_,
                                                                              snapshots_,
                                                                              *log,
                                                                              prompt_store{db_.schema()},
                                                                              guardrail_store{db_.schema()},
                                                                              key_store{db_.schema()},
                                                                              audit_store{db_.schema()},
                                                                              idempotency_store{db_.schema()},
                                                                              [this] {
                                                                                  metrics_.served_builtin();
                                                                              }},
          table_{route_list({gate_, prompt_api_, version_api_, label_api_, render_api_, execution_api_,
                             guardrail_api_, admin_api_, library_api_, experiment_api_, analytics_api_,
                             price_api_, [this] { return readyz(); }, [this] { return exposition(); },
                             [this] { return openapi_; }})},
          openapi_{boost::json::serialize(openapi_of(table_, options_.version))}, router_{table_, hooks(),
                                                                                          log},
          watch_{std::make_shared<database_watch>(
              io.get_executor(), workers_, [this] { return db_.is_standby(); }, health_)},
          server_{io, router_, server_settings(), log}, months_{io, workers_, db_,
                                                                options_.settings.retention_months, log}
    {
        health_.on_change([this](bool lost) { on_health(lost); });
        watch_->on_answer([this](bool standby) { gate_.first_connection(standby); });
        gate_.on_open([this] { opened(); });
    }

    assembly(assembly const&) = delete;
    assembly& operator=(assembly const&) = delete;

    ~assembly()
    {
        db_.stop();
        snapshot_db_.stop();
        analysis_db_.stop();
        notifications_.reset();
        snapshots_.stop();
        analysts_.stop();
        workers_.stop();
        analysts_.join();
        workers_.join();
        if (auto const left = journal_.flush(flush_time); left != 0) {
            log_->error("journal outcome=failed step=flush left={}", left);
        }
        journal_.stop();
    }

    [[nodiscard]] unsigned short port() const { return server_.port(); }

private:
    // The gate has opened: on its executor.
    void opened()
    {
        health_.opened();
        snapshots_.start();
        watch_->look_now();
        server_.end_on_signal([this] {
            gate_.stopping();
            watch_->stop();
            std::call_once(background_, [] {}); // too late for it
            months_.stop();
        });
    }

    // After the first snapshot: where the server has few connections left, what answers requests gets one.
    void start_background()
    {
        notifications_ = std::make_unique<notifications>(
            target_, "prompt_service_content",
            notification_listener{[this] { snapshots_.changed(); },
                                  [this](std::string_view) { snapshots_.changed(); }},
            log_);
        months_.start();
    }

    std::shared_ptr<snapshot const> load(std::shared_ptr<snapshot const> const& known)
    {
        return snapshot_db_.read(
            [&](database_connection& c) { return load_snapshot(c, snapshot_db_.schema(), known); });
    }

    void loaded(std::exception const* failed)
    {
        metrics_.loaded(failed == nullptr);
        if (failed == nullptr) {
            warn_of_guardrails();
            asio::post(io_, [this, watch = std::weak_ptr{watch_}] {
                if (auto const alive = watch.lock()) {
                    std::call_once(background_, [this] { start_background(); });
                }
            });
            return;
        }
        auto const* const error = dynamic_cast<database_error const*>(failed);
        if (error != nullptr && error->reason() == database_error::kind::lost) {
            return health_.lost(error->what());
        }
        log_->warn("snapshot outcome=failed detail=\"{}\"", failed->what());
    }

    // Once for each that finds nothing: an operator must not think that it protects.
    void warn_of_guardrails()
    {
        auto const now = snapshots_.current();
        if (!now) {
            return;
        }
        std::set<std::string> idle;
        for (auto const& one : now->guardrails) {
            if (one.rule.is_active && !one.is_effective()) {
                auto const because = one.fault.empty() ? "no detector is connected for its type" : one.fault;
                auto const text = idle.insert("guardrail name=\"" + one.rule.name +
                                              "\" effective=false because=\"" + because + '"')
                                      .first;
                if (!warned_of_.contains(*text)) {
                    log_->warn("{}", *text);
                }
            }
        }
        warned_of_ = std::move(idle);
    }

    // What is served comes from memory, so a lost database makes the service degraded, not unready.
    void on_health(bool lost)
    {
        gate_.degraded(lost ? "database-unreachable" : "");
        asio::post(io_, [this, lost, watch = std::weak_ptr{watch_}] {
            if (auto const alive = watch.lock(); alive && lost) {
                alive->start();
            }
        });
        if (!lost) {
            snapshots_.changed();
        }
    }

    // Ready means that requests are answered, and those come from the snapshot.
    schemagate::probe_answer readyz() const
    {
        auto a = gate_.readyz();
        if (a.status == 200 && !snapshots_.current()) {
            auto body = boost::json::parse(a.body).as_object();
            body["reason"] = "loading";
            a = {503, boost::json::serialize(body)};
        }
        return a;
    }

    std::optional<problem> shut() const
    {
        if (gate_.is_open()) {
            return snapshots_.current()
                       ? std::nullopt
                       : std::optional{unavailable("loading", "The prompts are being loaded.", 1)};
        }
        boost::json::object more;
        boost::system::error_code ec;
        auto const report = boost::json::parse(gate_.readyz().body, ec);
        if (auto const* const fields = ec ? nullptr : report.if_object()) {
            if (auto const* const state = fields->if_contains("state")) {
                more["state"] = *state;
            }
        }
        return unavailable("gate-shut", "The service is starting; /readyz says how far it has come.",
                           schemagate::gate::retry_after_seconds(), std::move(more));
    }

    static bool run_on(asio::thread_pool& threads, std::atomic<std::size_t>& waiting, std::size_t most,
                       std::function<void()> work)
    {
        if (waiting.fetch_add(1) >= most) {
            --waiting;
            return false;
        }
        asio::post(threads, [&waiting, work = std::move(work)] {
            --waiting;
            work();
        });
        return true;
    }

    router_hooks hooks()
    {
        make_limit(options_.settings, limit_);
        router_hooks out;
        out.shut = [this] { return shut(); };
        out.holder_of = [this](std::string_view key) {
            return parts_.served()->holder_of(hash_of_key(key), unix_now());
        };
        out.anonymous_may_read = options_.settings.anonymous_may_read;
        out.run_later = [this](std::function<void()> work) {
            return run_on(workers_, waiting_, waiting_max, std::move(work));
        };
        out.run_analysis = [this](std::function<void()> work) {
            return run_on(analysts_, analyses_waiting_, analyses_waiting_max, std::move(work));
        };
        if (limit_) {
            out.wait_of = [this](std::string const& holder) { return limit_->take(holder); };
        }
        out.problem_of = [](std::exception const& e) { return app::problem_of(e); };
        return out;
    }

    server_options server_settings()
    {
        server_options out;
        out.host = options_.host;
        out.port = options_.port;
        out.threads = options_.settings.threads;
        auto const format = options_.settings.access_log;
        out.completed = [this, log = access_log{log_, format.value_or(access_log_format::text)},
                         silent = !format](exchange const& done) {
            http_metrics_.observe(done);
            if (!silent) {
                log.write(done);
            }
        };
        return out;
    }

    std::string exposition()
    {
        metrics_.show(std::chrono::duration<double>{snapshots_.current() ? snapshots_.age() : 0s}.count(),
                      server_.in_flight());
        return prometheus::TextSerializer{}.Serialize(options_.registry->Collect());
    }

    static void make_limit(service_settings const& from, std::optional<rate_limit>& into)
    {
        if (from.rate_limit) {
            into.emplace(*from.rate_limit, from.rate_burst.value_or(*from.rate_limit * 2));
        }
    }

    asio::io_context& io_;
    schemagate::gate& gate_;
    std::shared_ptr<spdlog::logger> log_;
    service_options options_;
    database_health health_;
    database_target target_;
    database db_;
    database snapshot_db_; // a connection of its own: requests that wait for the pool must not hold up the
                           // snapshot
    database analysis_db_; // long questions, which must not take the connections of the short ones
    snapshot_source snapshots_;
    journal journal_;
    asio::thread_pool workers_;
    asio::thread_pool analysts_{analysis_options.connections};
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::size_t> analyses_waiting_{0};
    service_metrics metrics_;
    http_metrics http_metrics_;
    std::optional<rate_limit> limit_;
    execution_store executions_;
    parts parts_;
    prompt_api prompt_api_{parts_};
    version_api version_api_{parts_};
    label_api label_api_{parts_};
    render_api render_api_{parts_, journal_};
    execution_api execution_api_{parts_, journal_, executions_};
    guardrail_api guardrail_api_{parts_};
    admin_api admin_api_{parts_};
    library_api library_api_{parts_};
    experiment_api experiment_api_{parts_, analysis_db_};
    analytics_api analytics_api_{analysis_db_};
    price_api price_api_{parts_};
    route_table table_;
    std::string openapi_;
    router router_;
    std::shared_ptr<database_watch> watch_;
    server server_;
    log_months months_;
    std::unique_ptr<notifications> notifications_;
    std::once_flag background_;       // start_background()
    std::set<std::string> warned_of_; // on the loading thread
};

service::service(asio::io_context& io, schemagate::gate& gate, schemagate::settings with,
                 service_options options, std::shared_ptr<spdlog::logger> log)
    : assembly_{std::make_unique<assembly>(io, gate, std::move(with), std::move(options), std::move(log))}
{}

service::~service() = default;

unsigned short service::port() const
{
    return assembly_->port();
}

} // namespace app
