#include "api/parts.hpp"

#include <boost/json/serialize.hpp>

#include "database/database_error.hpp"
#include "http/problem.hpp"

namespace app {
namespace {

constexpr int attempts = 3;
constexpr std::chrono::milliseconds refresh_time{2'000};

struct given_before : std::exception
{
    explicit given_before(answer a) : then{std::move(a)} {}
    answer then;
};

bool worth_another_try(database_error const& e)
{
    return e.sqlstate() == "40P01" || e.sqlstate() == "40001";
}

} // namespace

std::shared_ptr<snapshot const> parts::served() const
{
    auto now = snapshots.current();
    if (!now) {
        throw unavailable("loading", "The prompts have not been loaded yet.", 1);
    }
    return now;
}

void parts::tell_age(answer& a) const
{
    auto const age = std::chrono::duration_cast<std::chrono::seconds>(snapshots.age());
    if (age >= std::chrono::seconds{3}) { // it is confirmed once a second
        a.with("Age", std::to_string(age.count()));
    }
}

void parts::change(call const& by, std::optional<std::string> const& reason,
                   std::function<std::optional<audit_entry>(database_connection&)> const& work) const
{
    for (int attempt = 1;; ++attempt) {
        try {
            db.transaction([&](database_connection& c) {
                prompts.announce(c, by.who.name, reason);
                if (auto const entry = work(c)) {
                    audit.add(c, *entry, by.who.name, by.asked.id);
                }
            });
            break;
        }
        catch (database_error const& e) {
            if (attempt == attempts || !worth_another_try(e)) {
                throw;
            }
        }
    }
    if (!snapshots.refresh(refresh_time)) {
        log.warn("snapshot outcome=late request_id={}", by.asked.id);
    }
}

answer parts::change_once(call const& by, std::optional<std::string> const& reason,
                          std::function<std::optional<audit_entry>(database_connection&)> const& work,
                          std::function<answer(database_connection&)> const& made) const
{
    bool const is_keyed = !by.asked.idempotency_key.empty();
    auto const repeated = is_keyed ? repeatable(by.asked, by.who.id) : repeatable_request{};
    answer given;
    try {
        change(by, reason, [&](database_connection& c) {
            if (is_keyed) {
                if (auto kept = idempotency.find(c, repeated)) {
                    throw given_before{std::move(*kept)};
                }
            }
            auto entry = work(c);
            given = made(c);
            if (is_keyed) {
                idempotency.keep(c, repeated, given);
            }
            return entry;
        });
    }
    catch (given_before const& earlier) { // and nothing was changed
        return earlier.then;
    }
    return given;
}

answer json_answer(boost::json::value const& body, int status)
{
    answer a;
    a.status = status;
    a.body = boost::json::serialize(body);
    a.with("Cache-Control", "no-store");
    return a;
}

answer no_content()
{
    answer a;
    a.status = 204;
    a.with("Cache-Control", "no-store");
    return a;
}

} // namespace app
