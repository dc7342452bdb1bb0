// Whatever psql makes of a folder of scripts, `schemagate --from DIR migrate` makes as well.
//
// The files are played with psql one by one into one database, each statement committed by itself, and by the
// program into another; the two schemas are compared as pg_dump writes them.
#include <cstdlib>

#include "catch.hpp"
#include "child_process.hpp"
#include "client_programs.hpp"
#include "private_server.hpp"
#include "script_corpus.hpp"

namespace {

using support::private_server;

constexpr std::size_t size = 400;

// SCHEMAGATE_CORPUS_SEED=7 plays another folder.
std::uint64_t seed()
{
    auto const* const given = std::getenv("SCHEMAGATE_CORPUS_SEED");
    return given == nullptr ? 20'261'122 : std::stoull(given);
}

int major_of(private_server const& server)
{
    return std::stoi(support::value(server.admin_url(), "show server_version_num")) / 10'000;
}

void play_with_psql(std::vector<std::filesystem::path> const& files, std::string const& url)
{
    auto const psql = support::client_program("psql");
    for (auto const& file : files) {
        auto const played = support::run_program(
            psql, {"-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", file.string()},
            {{"PGCLIENTENCODING", "UTF8"}});
        CAPTURE(file.string(), played.err, support::content_of(file));
        REQUIRE(played.code == 0);
    }
}

// All rows of all tables, in no order: what COPY and INSERT brought. Without numbers from sequences, since an
// attempt that waited too long for a lock uses some up.
std::string rows_of(support::test_database const& database)
{
    std::string all;
    auto const tables = database.query(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c join pg_namespace n"
        " on n.oid = c.relnamespace where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|information_|"
        "schemagate$)' order by 1");
    for (auto const& row : tables) {
        auto const& name = row.at(0);
        all +=
            name + " " +
            database.value("select count(*) || ' ' || coalesce(md5(string_agg(line, E'\\n' order by line "
                           "collate \"C\")), '') from (select (to_jsonb(t) - '{id,n,number}'::text[])::text "
                           "as line from " +
                           name + " t) lines") +
            "\n";
    }
    return all;
}

} // namespace

TEST_CASE("a folder of hundreds of real-world files ends in the schema that psql makes", "[parity]")
{
    auto& server = private_server::shared();
    auto const major = major_of(server);
    support::temporary_folder const folder{"corpus"};
    auto const files =
        support::write_script_corpus(folder.path() / "migrations", size, seed(), {.server_major = major});

    auto const by_psql = server.create_database();
    play_with_psql(files, by_psql->url());

    auto const by_us = server.create_database();
    auto const migrated = support::run_program(SCHEMAGATE_PROGRAM,
                                               {"--from", (folder.path() / "migrations").string(), "migrate"},
                                               {{"DATABASE_URL", by_us->url()}}, std::chrono::seconds{150});
    {
        CAPTURE(migrated.err);
        REQUIRE(migrated.code == 0);
    }
    CAPTURE(seed());
    auto const expected = support::schema_text(*by_psql, major);
    REQUIRE(expected.size() > 100'000); // else the comparison would be of nothing
    CHECK(support::schema_text(*by_us, major) == expected);
    CHECK(rows_of(*by_us) == rows_of(*by_psql));
}

TEST_CASE("equal arguments give an equal folder, and each kind of file is in it", "[corpus]")
{
    support::temporary_folder const folder{"corpus"};
    auto const first = support::write_script_corpus(folder.path() / "a", 60, 7);
    auto const second = support::write_script_corpus(folder.path() / "b", 60, 7);
    REQUIRE(first.size() == 63); // and three repeatable ones
    REQUIRE(second.size() == first.size());
    std::string all;
    for (std::size_t i = 0; i < first.size(); ++i) {
        auto const text = support::content_of(first[i]);
        CHECK(text == support::content_of(second[i]));
        CHECK(first[i].filename() == second[i].filename());
        all += text;
    }
    for (std::string const each :
         {"CREATE INDEX CONCURRENTLY", "FROM stdin", "\\restrict", "ADD VALUE", "VACUUM",
          "VALIDATE CONSTRAINT", "CREATE POLICY", "DO $do$", "own-transactions"}) {
        CHECK_THAT(all, support::holds(each));
    }
    CHECK(support::content_of(support::write_script_corpus(folder.path() / "c", 60, 8).at(6)) !=
          support::content_of(first.at(6)));
}
