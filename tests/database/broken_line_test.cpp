// The line breaks at message 1, 2, 3 … until a boot ends before its turn comes; after each, one boot over a
// sound line has to find or make what a boot without any fault leaves.
#include <iostream>

#include "cut_line.hpp"
#include "engine.hpp"

namespace {

using support::line_fault;
using support::memory_catalog;
using way = line_fault::way;

// Small ones that share a message, one with data of its own, one in steps. Each adds a row to `done`, so that
// whatever ran twice shows.
schemagate::catalog shipped()
{
    return memory_catalog(
        {{"1_a.sql", "create table done (version int);\ncreate table a (id int primary key, name text);\n"
                     "insert into done values (1);\n"},
         {"2_b.sql", "alter table a add added int;\ninsert into done values (2);\n",
          "do $$ begin assert (select count(*) from done where version = 2) = 1; end $$;\n"},
         {"3_c.sql", "copy done from stdin;\n3\n\\.\ncreate index on a (added);\n"},
         {"4_d.sql", "insert into done values (4);\ncreate index concurrently a_name on a (name);\n"
                     "insert into done values (5);\n"},
         {"R_v.sql", "create view v as select count(*) from done;\n"}});
}

// What is not as a boot without any fault leaves it; empty: nothing.
std::string differences(support::test_database const& of)
{
    std::string found;
    auto const expect = [&](char const* sql, std::string const& right) {
        if (auto const seen = of.value(sql); seen != right) {
            found += std::string{sql} + ": " + seen + " instead of " + right + "\n";
        }
    };
    expect("select string_agg(version::text, ',' order by version) from done", "1,2,3,4,5");
    expect("select string_agg(version, ',' order by id) from schemagate.history", "1,2,3,4,v");
    expect("select count(*) from schemagate.history where state <> 'applied' or verified_at is null", "0");
    expect("select count(*) from pg_index where not (indisvalid and indisready and indislive)", "0");
    expect("select string_agg(relation_name, ',' order by relation_name) from schemagate.object where "
           "column_name = ''",
           "a,a_added_idx,a_name,a_pkey,done,v");
    expect("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from "
           "pg_database where datname = current_database())",
           "0");
    return found;
}

struct breaking
{
    breaking() { server.start(); }

    // Nothing but the way in which it breaks differs. How many messages a boot takes.
    std::size_t break_each(way how, bool after, std::size_t stride, std::function<void()> const& action = {})
    {
        for (std::size_t n = 1;; n += stride) {
            auto const database = server.create_database();
            support::cut_line line{server.port()};
            line.arm({n, how, after, action});
            auto const shipped_here = shipped();
            auto const broken = engine::boot(support::settings_for(line.url(database->url())), shipped_here);
            auto const struck = line.struck();
            ++runs;
            INFO("message " << n << ", way " << static_cast<int>(how) << (after ? ", after it" : ""));
            if (broken.report) { // who opened the gate found all of it
                CHECK(differences(*database).empty());
            }
            auto const sound = engine::boot(support::settings_for(database->url()), shipped_here);
            CHECK(sound.code() == "done");
            CHECK(differences(*database) == "");
            if (!struck) {
                return n;
            }
            if (n > 1'000) {
                FAIL("no boot ends unharmed");
            }
        }
    }

    void terminate_all() const
    {
        static_cast<void>(support::query(server.admin_url(),
                                         "select pg_terminate_backend(pid) from pg_stat_activity where "
                                         "application_name like 'database-test%'"));
    }

    support::private_server server;
    std::size_t runs = 0;
};

} // namespace

TEST_CASE_METHOD(breaking, "a boot whose line breaks at any message leaves what the next one completes",
                 "[broken_line]")
{
    auto const messages = break_each(way::lose_answer, true, 2);
    CHECK(messages > 15);
    break_each(way::reset, false, 3);
    break_each(way::half, false, 4);
    break_each(way::call, true, 3, [this] { terminate_all(); });
    std::cout << runs << " broken lines, at " << messages << " messages\n";
}

TEST_CASE_METHOD(breaking, "each way to break a line, at each message, before and behind it",
                 "[.broken_line_all]")
{
    for (auto const how : {way::reset, way::close, way::half, way::freeze, way::lose_answer}) {
        break_each(how, false, 1);
        break_each(how, true, 1);
    }
    for (auto const after : {false, true}) {
        break_each(way::call, after, 1, [this] { terminate_all(); });
        break_each(way::call, after, 1, [this] {
            server.kill();
            server.start();
        });
    }
    std::cout << runs << " broken lines\n";
}

TEST_CASE_METHOD(breaking, "what is compared after a broken line can differ", "[broken_line]")
{
    auto const database = server.create_database();
    REQUIRE(engine::boot(support::settings_for(database->url()), shipped()).applied() == 5);
    REQUIRE(differences(*database) == "");
    database->run(GENERATE(as<std::string>{}, "insert into done values (4)",
                           "delete from done where version = 2",
                           "delete from schemagate.history where version = '3'",
                           "update schemagate.history set verified_at = null where version = '1'",
                           "update pg_index set indisvalid = false where indexrelid = 'a_name'::regclass",
                           "delete from schemagate.object where relation_name = 'a_name'"));
    CHECK(differences(*database) != "");
}
