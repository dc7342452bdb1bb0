// Two leaders in turn behind a pooler in transaction mode (a real PgBouncer): between two transactions nobody
// holds the lock.
#include "engine.hpp"
#include "pgbouncer.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using support::memory_script;

TEST_CASE_METHOD(fixture, "a leader marks nothing verified that another has added since it planned",
                 "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "transaction"};
    with = support::settings_for(pool.url(database->name()));
    memory_script const first{"1_a.sql", "create table a (id int);\n"};
    auto const older = memory_catalog({first});
    auto const newer = memory_catalog(
        {first, {"2_b.sql", "create table b (id int);\n", "do $$ begin assert false; end $$;\n"}});
    std::string other;
    events->then = [&](schemagate::event const& e) {
        if (other.empty() && e.step == step::verify && e.outcome == outcome::started) {
            other = "started";
            other = engine::boot(with, newer).code();
        }
    };
    auto const ended = boot(older);
    CHECK(other == "check-failed");
    CHECK(ended.code() == "done"); // the database is newer, and compatible
    CHECK(value("select string_agg(version || coalesce(' ' || (verified_at is not null)::text, ''), ', ' "
                "order by id) from schemagate.history where version = '2'") == "2 false");
    // So the next boot of the newer binary still verifies.
    CHECK(engine::boot(with, newer).code() == "check-failed");
}
