#include "schemagate/index_statement.hpp"

#include <string>

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

std::string shown(relation_name const& name)
{
    return (name.schema.empty() ? "" : name.schema + ".") + name.name;
}

// "create concurrently unique if-not-exists i on t"
std::string read(std::string_view statement)
{
    auto const found = read_index_statement(statement);
    if (!found) {
        return "";
    }
    std::string all;
    switch (found->action) {
    case index_action::create: all = "create"; break;
    case index_action::drop: all = "drop"; break;
    case index_action::reindex_index: all = "index"; break;
    case index_action::reindex_table: all = "table"; break;
    case index_action::reindex_schema: all = "schema"; break;
    case index_action::reindex_database: all = "database"; break;
    }
    all += found->unique ? " unique" : "";
    all += found->concurrently ? " concurrently" : "";
    all += found->if_exists ? " if-exists" : "";
    all += found->if_not_exists ? " if-not-exists" : "";
    for (auto const& each : found->names) {
        all += " <" + shown(each) + ">";
    }
    return all + (found->table.name.empty() ? "" : " on <" + shown(found->table) + ">");
}

} // namespace

TEST_CASE("CREATE INDEX, DROP INDEX and REINDEX are read in every form", "[index_statement]")
{
    struct sample
    {
        std::string_view statement;
        std::string_view meaning;
    };
    auto const each = GENERATE(values<sample>({
        {"create index i on t (a)", "create <i> on <t>"},
        {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS I ON ONLY S.T USING btree (a)",
         "create unique concurrently if-not-exists <s.i> on <s.t>"},
        {"create index on t (a)", "create <> on <t>"},
        {"create index concurrently on s.t (a)", "create concurrently <s.> on <s.t>"},
        {"create index \"A \"\"b\" on \"T\" (a)", "create <A \"b> on <T>"},
        {"create index \"on\" on d.s.t (a)", "create <s.on> on <s.t>"},
        {"create index if on t (a)", "create <if> on <t>"},
        {"create /* a */ index -- b\n concurrently i on t (a)", "create concurrently <i> on <t>"},
        {"create index \"concurrently\" on t (a)", "create <concurrently> on <t>"},
        {R"(create index U&"d\0061t\+000061" on u&"t" uescape '!' (a))", "create <data> on <t>"},
        {"drop index i", "drop <i>"},
        {"drop index concurrently if exists s.i", "drop concurrently if-exists <s.i>"},
        {"drop index if exists a, s.\"B\", c cascade", "drop if-exists <a> <s.B> <c>"},
        {"reindex index concurrently s.i", "index concurrently <s.i>"},
        {"reindex (concurrently) table s.t", "table concurrently on <s.t>"},
        {"reindex (verbose, concurrently off) index i", "index <i>"},
        {"reindex (tablespace x) table concurrently t", "table concurrently on <t>"},
        {"reindex schema concurrently S", "schema concurrently <s.>"},
        {"reindex (concurrently true) database d", "database concurrently"},
        {"reindex system", "database"},
    }));
    CAPTURE(each.statement);
    CHECK(read(each.statement) == each.meaning);
}

TEST_CASE("what an index is to be stands behind its table", "[index_statement]")
{
    auto const [statement, definition] = GENERATE(table<std::string, std::string>(
        {{"create index on t(a) where a > 0", "(a) where a > 0"},
         {"create unique index concurrently i on only s.t /* x */ using gin (a) -- b", "using gin (a) -- b"},
         {"create index \"(a)\" on U&\"!0074\" uescape '!' (b)", "(b)"}}));
    CAPTURE(statement);
    auto const found = read_index_statement(statement);
    REQUIRE(found);
    CHECK(statement.substr(found->definition) == definition);
}

TEST_CASE("a DROP INDEX of many names is read to its end", "[index_statement]")
{
    std::string statement = "drop index concurrently i0";
    for (int i = 1; i < 1000; ++i) {
        statement += ", s.i" + std::to_string(i);
    }
    auto const found = read_index_statement(statement);
    REQUIRE(found);
    CHECK(found->names.size() == 1000);
}

TEST_CASE("any other statement, and one that is not complete, is none", "[index_statement]")
{
    auto const statement = GENERATE(values<std::string_view>(
        {"", "create table index (a int)", "create index", "create index i", "create index i on",
         "drop index", "drop index a,", "drop table i", "reindex", "reindex index", "reindex table",
         "reindex schema", "reindex (verbose)", "alter index i rename to j", "select 1",
         "comment on index i is 'create index i on t'", "create index 1 on t (a)"}));
    CAPTURE(statement);
    CHECK_FALSE(read_index_statement(statement));
}
