#include "lock_watch.hpp"

#include <algorithm>

#include "schemagate/locked_relations.hpp"
#include "schemagate/postgres/connect.hpp"

namespace schemagate {
namespace {

using namespace std::chrono_literals;

// Worth a second connection.
constexpr auto long_statement = 1s;
// Often enough to see who is in the way before SCHEMAGATE_LOCK_TIMEOUT ends the attempt.
constexpr auto during_attempts = 10ms;
// Behind a transaction of this age nobody queues: it will hardly end within an attempt, and each attempt
// makes the readers and writers behind it wait.
constexpr auto old_transaction = 5s;
constexpr auto between_patience = 30s;
// While the second connection is asked, nobody listens to the first.
constexpr auto watch_answer_max = 5s;
constexpr int notices_max = 20;

using event_fields = std::vector<std::pair<std::string, std::string>>;

event_fields fields_of(postgres::build_progress const& p)
{
    event_fields fields{{"progress_phase", p.phase}};
    if (p.total > 0) {
        fields.emplace_back("progress_done", std::to_string(p.done));
        fields.emplace_back("progress_total", std::to_string(p.total));
        fields.emplace_back("progress_unit", p.unit);
    }
    return fields;
}

} // namespace

event_fields fields_of(postgres::blocker const& b)
{
    return {{"holder_pid", std::to_string(b.pid)},
            {"holder_role", b.role},
            {"holder_application", b.application},
            {"holder_age", b.age},
            {"holder_query", b.query}};
}

std::string words_for(postgres::blocker const& b)
{
    auto const who =
        b.role.empty() ? b.application : "role " + b.role + ", application \"" + b.application + '"';
    return "pid " + std::to_string(b.pid) + " (" + who + ", " +
           (b.age.empty() ? "since when only pg_read_all_stats may see"
                          : "its transaction is " + b.age + " old") +
           ")";
}

lock_watch::lock_watch(boot_context& boot, connection_settings where, postgres::session& on)
    : boot_{boot}, where_{std::move(where)}, session_{on}
{}

lock_watch::listening lock_watch::listen(batch const& what, std::size_t const& at)
{
    notices_ = 0;
    others_seen_ = false;
    auto& native = session_.native();
    native.on_notice([this, &what, &at](postgres::server_notice const& n) { hear(n, what, at); });
    native.while_waiting(watch_ ? std::chrono::milliseconds{during_attempts} : long_statement,
                         [this, &what, &at] { look(what, at); });
    return listening{native};
}

lock_watch::listening::~listening()
{
    on_.on_notice({});
    on_.while_waiting(0ms, {});
}

void lock_watch::open()
{
    if (watch_ || unwatchable_ || session_.pooled()) {
        return;
    }
    unwatchable_ = true;
    try {
        postgres::connect_options options;
        options.application_name = boot_.application_name("watching");
        options.wait_max = 0ms;
        auto connection = postgres::connect(where_, this_place(), options, boot_.stop);
        connection.answers_within(
            std::min<std::chrono::milliseconds>(watch_answer_max, postgres::connection::answer_max));
        watch_.emplace(std::move(connection), session_.native().protocol_pid());
        unwatchable_ = false;
    }
    catch (failure const&) {
    }
    catch (postgres::sql_error const&) {
    }
}

void lock_watch::look(batch const& what, std::size_t at)
{
    open();
    if (!watch_ || at >= what.migrations.size()) {
        return;
    }
    try {
        auto const seen = watch_->look();
        if (!seen.blockers.empty()) {
            blocker_ = seen.blockers.front();
            others_seen_ = others_seen_ || std::any_of(seen.blockers.begin(), seen.blockers.end(),
                                                       [](auto const& each) { return !each.autovacuum(); });
        }
        if (seen.build || !seen.blockers.empty()) {
            tell_waiting(what, at, seen);
        }
    }
    catch (postgres::sql_error const&) {
        watch_.reset();
        unwatchable_ = true;
    }
}

void lock_watch::tell_waiting(batch const& what, std::size_t at, postgres::statement_sight const& seen)
{
    details told{.script = what.migrations[at]->name, .position = what.position + at, .of = what.of};
    if (seen.build) {
        told.fields = fields_of(*seen.build);
        told.message = seen.build->phase;
    }
    if (!seen.blockers.empty()) {
        auto const holder = fields_of(seen.blockers.front());
        told.fields.insert(told.fields.end(), holder.begin(), holder.end());
        told.message +=
            (told.message.empty() ? "waits for " : ", waits for ") + words_for(seen.blockers.front());
    }
    boot_.tell(step::apply, outcome::waiting, std::move(told));
}

// The server's own words and those that a script raises may hold data, so they are shown as in errors.
void lock_watch::hear(postgres::server_notice const& n, batch const& what, std::size_t at)
{
    auto const left = notices_max - ++notices_;
    if (at >= what.migrations.size() || left < 0) {
        return;
    }
    postgres::server_error as_error;
    as_error.sqlstate = n.sqlstate;
    as_error.message = n.message;
    auto const raised = n.sqlstate == "00000" || n.sqlstate == "01000";
    auto const text = raised && !boot_.with.log_sql
                          ? std::string{"raised by the script (SCHEMAGATE_LOG_SQL=1 shows its words)"}
                          : postgres::describe(as_error, boot_.with.log_sql);
    boot_.tell(step::apply, outcome::noted,
               {.script = what.migrations[at]->name,
                .position = what.position + at,
                .of = what.of,
                .message = text + (left == 0 ? "; further notices are left out" : ""),
                .fields = {{"severity", n.severity}, {"sqlstate", n.sqlstate}}});
}

void lock_watch::let_old_transactions_end(batch const& what, stopwatch const& since, int attempts)
{
    std::vector<lexer::locked_relation> relations;
    for (auto const* const m : what.migrations) {
        auto const locked = lexer::locked_relations(m->text);
        relations.insert(relations.end(), locked.begin(), locked.end());
    }
    for (std::chrono::milliseconds pause = 50ms;;
         pause = std::min<std::chrono::milliseconds>(pause * 2, 2s)) {
        auto const holders = postgres::holders_of(session_, relations, boot_.with.target_schema);
        // Of unknown age: as old as we have seen it, which is from the first look of the first attempt.
        auto const is_old = [this](postgres::lock_holder const& each) {
            auto const seen = seen_[each.transaction].elapsed();
            return !each.who.autovacuum() && each.age.value_or(seen) >= old_transaction;
        };
        auto const found = std::find_if(holders.begin(), holders.end(), is_old);
        if (found == holders.end()) {
            let_autovacuum_yield(what, holders);
            return;
        }
        blocker_ = found->who;
        auto const& m = *what.migrations.front();
        if (since.elapsed() > boot_.with.lock_retry) {
            throw lock_retry_over(m.name, "", since.elapsed(), attempts);
        }
        boot_.tell(
            step::apply, outcome::waiting,
            {.script = m.name,
             .position = what.position,
             .of = what.of,
             .elapsed = since.elapsed(),
             .message = "a long transaction holds a table that is to be changed: " + words_for(found->who),
             .fields = fields_of(found->who)});
        boot_.stop.sleep(std::min(
            pause, std::max<std::chrono::milliseconds>(boot_.with.lock_retry - since.elapsed(), 1ms)));
    }
}

void lock_watch::let_autovacuum_yield(batch const& what, std::vector<postgres::lock_holder> const& holders)
{
    for (auto const& each : holders) {
        if (!each.who.autovacuum()) {
            continue;
        }
        blocker_ = each.who;
        boot_.tell(step::apply, outcome::waiting,
                   {.script = what.migrations.front()->name,
                    .position = what.position,
                    .of = what.of,
                    .message = "an autovacuum works on " + each.relation +
                               ", which is to be changed; it is asked to yield: " + words_for(each.who),
                    .fields = fields_of(each.who)});
        postgres::ask_autovacuum_to_yield(session_, each.relation);
    }
}

// For tables that no script names: nobody but an autovacuum was seen in the way, which yields only to those
// who wait. Traffic waits behind this attempt, so there are few of them.
std::optional<std::chrono::milliseconds> lock_watch::patience(int retries)
{
    auto const watched = watch_ && retries > 1;
    if (!watched || others_seen_ || (last_patience_ && last_patience_->elapsed() < between_patience)) {
        return std::nullopt;
    }
    last_patience_.emplace();
    return postgres::autovacuum_patience(session_);
}

failure lock_watch::lock_retry_over(std::string const& script, std::string const& sqlstate,
                                    std::chrono::milliseconds after, int attempts) const
{
    auto const who = blocker_ ? words_for(*blocker_) : std::string{"a long transaction"};
    return failure{errc::lock_retry_over,
                   script + ".sql got no table lock in " + std::to_string(after.count()) + " ms" +
                       (attempts == 0 ? ""
                                      : " and " + std::to_string(attempts) +
                                            (attempts == 1 ? " attempt" : " attempts")) +
                       " (SCHEMAGATE_LOCK_RETRY): " + who + " holds the table.",
                   blocker_ ? "Let it end, or: SELECT pg_terminate_backend(" + std::to_string(blocker_->pid) +
                                  "); then start again."
                            : "Find it in pg_stat_activity (oldest xact_start), end it, and start again."}
        .with_script(script)
        .with_sqlstate(sqlstate);
}

} // namespace schemagate
