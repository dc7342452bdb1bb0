// What a statement is: transaction control, refused inside a transaction, or followed by data.
#include "schemagate/lexer.hpp"

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

statement_kind kind_of(std::string_view text)
{
    auto const found = scan(text).statements;
    REQUIRE(found.size() == 1);
    return found.front().kind;
}

} // namespace

TEST_CASE("transaction control is recognised in every spelling", "[lexer]")
{
    struct sample
    {
        std::string_view text;
        statement_kind kind;
    };
    auto const each = GENERATE(values<sample>({
        {"begin", statement_kind::begin},
        {"BEGIN WORK", statement_kind::begin},
        {"Begin /* x */ Transaction isolation level serializable", statement_kind::begin},
        {"start transaction read only", statement_kind::begin},
        {"commit", statement_kind::commit},
        {"COMMIT WORK", statement_kind::commit},
        {"end transaction", statement_kind::commit},
        {"commit and no chain", statement_kind::commit},
        {"commit and chain", statement_kind::other_transaction},
        {"commit prepared 'x'", statement_kind::other_transaction},
        {"end and chain", statement_kind::other_transaction},
        {"rollback", statement_kind::rollback},
        {"abort work", statement_kind::rollback},
        {"rollback and no chain", statement_kind::rollback},
        {"rollback transaction and chain", statement_kind::other_transaction},
        {"rollback prepared 'x'", statement_kind::other_transaction},
        {"prepare transaction 'x'", statement_kind::other_transaction},
        {"rollback to savepoint a", statement_kind::ordinary},
        {"rollback work to a", statement_kind::ordinary},
        {"savepoint a", statement_kind::ordinary},
        {"release savepoint a", statement_kind::ordinary},
        {"prepare transaction as select 1", statement_kind::ordinary},
        {"prepare p as select 1", statement_kind::ordinary},
        {"set transaction isolation level serializable", statement_kind::ordinary},
        {"\"begin\"", statement_kind::ordinary},
        {"select 'commit'", statement_kind::ordinary},
        {"do $$ begin commit; end $$", statement_kind::ordinary},
        {"start", statement_kind::ordinary},
    }));
    CAPTURE(each.text);
    CHECK(kind_of(each.text) == each.kind);
}

TEST_CASE("statements that PostgreSQL refuses inside a transaction are recognised", "[lexer]")
{
    auto const text = GENERATE(values<std::string_view>({
        "create index concurrently i on t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
        "create /* a */ index -- b\n concurrently on t (a)",
        "drop index concurrently i",
        "drop index concurrently if exists a, b",
        "reindex index concurrently i",
        "reindex table concurrently t",
        "reindex (concurrently) table t",
        "reindex (verbose, concurrently true) index i",
        "reindex (tablespace s, concurrently on) index i",
        "reindex database d",
        "reindex (verbose) schema s",
        "reindex system d",
        "reindex schema concurrently s",
        "vacuum",
        "vacuum full t",
        "VACUUM (FULL, ANALYZE) t",
        "alter system set work_mem = '1MB'",
        "alter system reset all",
        "create database d",
        "drop database if exists d",
        "create tablespace s location '/x'",
        "drop tablespace s",
        "alter database d set tablespace s",
        "alter database \"D d\" with tablespace s",
        "alter database d tablespace s",
        "create subscription s connection 'x' publication p",
        "create subscription s connection 'x' publication p, q with (enabled = false)",
        "create subscription s connection 'x' publication p with (create_slot = true, connect = true)",
        "alter subscription s refresh publication",
        "alter subscription s set publication p",
        "alter subscription s add publication p with (copy_data = false)",
        "alter subscription s drop publication p with (refresh)",
        "alter subscription s set (failover = true)",
        "alter subscription s set (two_phase = false)",
        "drop subscription s",
        "drop subscription if exists s cascade",
        "alter table t detach partition p concurrently",
        "alter table if exists only a.t detach partition b.\"p\" concurrently",
        "cluster",
        "cluster verbose",
        "cluster (verbose)",
        "discard all",
    }));
    CAPTURE(text);
    CHECK(kind_of(text) == statement_kind::non_transactional);
}

TEST_CASE("their neighbours that PostgreSQL runs inside a transaction stay ordinary", "[lexer]")
{
    auto const text = GENERATE(values<std::string_view>({
        "create index i on t (concurrently)",
        "create index \"concurrently\" on t (a)",
        "create table concurrently_made (a int)",
        "drop index i",
        "drop index \"concurrently\"",
        "reindex table t",
        "reindex index i",
        "reindex (concurrently false) table t",
        "reindex (concurrently 'off', verbose) table t",
        "reindex (verbose) table \"concurrently\"",
        "refresh materialized view concurrently v",
        "analyze t",
        "select vacuum from t",
        "alter database d set default_tablespace = s",
        "alter database d set search_path to tablespace",
        "alter database tablespace rename to d",
        "alter tablespace s rename to u",
        "alter table all in tablespace s set tablespace u",
        "create subscription s connection 'x' publication p with (create_slot = false)",
        "create subscription s connection 'x' publication p with (connect = off)",
        "create subscription s connection 'x' publication p with (\"create_slot\" = 'false', slot_name = "
        "none)",
        "alter subscription s set publication p with (refresh = false)",
        "alter subscription s add publication p with (copy_data, refresh = '0')",
        "alter subscription s disable",
        "alter subscription s connection 'x'",
        "alter subscription s set (slot_name = none)",
        "alter subscription s rename to u",
        "alter table t detach partition p",
        "alter table t detach partition p finalize",
        "alter table t detach partition \"concurrently\"",
        "cluster t",
        "cluster verbose t using i",
        "cluster i on t",
        "discard temp",
        "discard plans",
        "alter type mood add value 'new'",
        "checkpoint",
        "comment on index i is 'created concurrently'",
        "\"vacuum\"",
    }));
    CAPTURE(text);
    CHECK(kind_of(text) == statement_kind::ordinary);
}

TEST_CASE("a subscription whose slot the script took off can be dropped in a transaction", "[lexer]")
{
    auto const found = scan("alter subscription s disable; alter subscription s set (slot_name = none);"
                            "drop subscription s; drop subscription other;")
                           .statements;
    REQUIRE(found.size() == 4);
    CHECK(found[2].kind == statement_kind::ordinary);
    CHECK(found[3].kind == statement_kind::non_transactional);
}

TEST_CASE("the data of COPY … FROM stdin is no SQL", "[lexer]")
{
    auto const text = std::string_view{"copy t (a, \"b;\") from stdin with (format text); -- rows\n"
                                       "it's\t$$\n;/*\\N\n"
                                       "\\.\n"
                                       "select 2;"};
    auto const result = scan(text);
    REQUIRE(result.statements.size() == 2);
    auto const& copy = result.statements[0];
    CHECK(copy.kind == statement_kind::copy_from_stdin);
    CHECK(text.substr(copy.data_offset, copy.data_length) == "it's\t$$\n;/*\\N\n");
    CHECK(text.substr(result.statements[1].offset, result.statements[1].length) == "select 2");
    CHECK(result.statements[1].line == 5);
    CHECK_FALSE(result.open);
    CHECK(result.meta_commands.empty());
}

TEST_CASE("several COPYs get their data in order", "[lexer]")
{
    auto const text =
        std::string_view{"copy a from stdin; copy b from stdin;\n1\n\\.\n\\.\ncopy c from stdin;\n3\n\\."};
    auto const result = scan(text);
    REQUIRE(result.statements.size() == 3);
    CHECK(text.substr(result.statements[0].data_offset, result.statements[0].data_length) == "1\n");
    CHECK(result.statements[1].data_length == 0);
    CHECK(text.substr(result.statements[2].data_offset, result.statements[2].data_length) == "3\n");
    CHECK_FALSE(result.open);
}

TEST_CASE("CRLF in COPY data still ends at its end marker", "[lexer]")
{
    auto const result = scan("copy t from stdin;\r\n1\r\n\\.\r\nselect 1;\r\n");
    CHECK(result.statements.size() == 2);
    CHECK_FALSE(result.open);
}

TEST_CASE("only a COPY from the client brings data", "[lexer]")
{
    struct sample
    {
        std::string_view text;
        bool data;
    };
    auto const each = GENERATE(values<sample>({
        {"COPY public.t FROM STDIN", true},
        {"copy \"from\" from stdin csv header", true},
        {"copy binary t from stdin", true},
        {"copy t (a, b) from stdin where a > 1", true},
        {"copy t from 'stdin'", false},
        {"copy t from '/tmp/x'", false},
        {"copy t from program 'cat'", false},
        {"copy t to stdout", false},
        {"copy (select * from stdin) to stdout", false},
        {"copy t to stdin", false},
        {"select copy from stdin", false},
    }));
    CAPTURE(each.text);
    auto const result = scan(std::string{each.text} + ";\n\\.\n");
    REQUIRE(result.statements.size() == 1);
    CHECK((result.statements.front().kind == statement_kind::copy_from_stdin) == each.data);
    CHECK(result.meta_commands.empty() == each.data);
}

TEST_CASE("backslash commands are found outside quotes only", "[lexer]")
{
    auto const text = std::string_view{"\\restrict abc'd\nselect '\n\\i x\n', $$\n\\i y\n$$ /*\n\\i z */;\n"
                                       "  \\connect db\r\nselect 1 \\gexec\n\\."};
    auto const found = scan(text).meta_commands;
    REQUIRE(found.size() == 4);
    CHECK(found[0].name == "\\restrict");
    CHECK(text.substr(found[0].offset, found[0].length) == "\\restrict abc'd");
    CHECK(found[1].name == "\\connect");
    CHECK(text.substr(found[1].offset, found[1].length) == "\\connect db");
    CHECK(found[1].line == 8);
    CHECK(found[2].name == "\\gexec");
    CHECK(found[3].name == "\\.");
}
