#include "log_months.hpp"

#include <boost/asio/post.hpp>

#include "database/database_error.hpp"
#include "idempotency/idempotency_store.hpp"

namespace app {
namespace {

constexpr std::chrono::hours interval{1};
constexpr std::chrono::seconds retry{2};

} // namespace

void log_months::start()
{
    boost::asio::post(workers_, [this] {
        bool const done = keep();
        boost::asio::post(io_, [this, done] {
            if (stopped_) {
                return;
            }
            timer_.expires_after(done ? std::chrono::seconds{interval} : retry);
            timer_.async_wait([this](boost::system::error_code ec) {
                if (!ec) {
                    start();
                }
            });
        });
    });
}

void log_months::stop()
{
    stopped_ = true;
    timer_.cancel();
}

bool log_months::keep()
{
    try {
        auto const changes = db_.transaction([&](database_connection& c) {
            return c.ask("select partition_name, change from " + db_.schema() +
                             ".ensure_execution_months($1::integer)",
                         {retention_ ? sql_text{std::to_string(*retention_)} : std::nullopt});
        });
        bool done = true;
        for (auto const& row : changes) {
            log_->info("log partition={} outcome={}", row[0].value_or(""), row[1].value_or(""));
            done = done && row[1] != "busy";
        }
        db_.transaction([&](database_connection& c) { idempotency_store{db_.schema()}.drop_old(c); });
        return done;
    }
    catch (database_error const& e) {
        if (e.reason() == database_error::kind::read_only) {
            return true; // the primary's replicas see to it
        }
        log_->warn("log step=months outcome=failed detail=\"{}\"", e.what());
        return false;
    }
}

} // namespace app
