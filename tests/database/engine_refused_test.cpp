// Statements that the server refuses inside a transaction for reasons that their text does not show.
#include "engine.hpp"

using engine::fixture;
using support::holds;
using support::memory_catalog;

namespace {

std::string const no_transaction = "-- schemagate: no-transaction\n";

// As extensions' procedures do it: a transaction of ours holds a second advisory lock.
std::string const refuses_in_transaction =
    "create procedure ext(fails bool) language plpgsql as $$ begin\n"
    "if (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) > 1 then\n"
    "raise exception 'ext() cannot run inside a transaction block' using errcode = '25001'; end if;\n"
    "insert into done values (1); commit; if fails then perform 1/0; end if; end $$;\n";

struct refused : fixture
{
    [[nodiscard]] engine::ended boot_with(std::string const& second) const
    {
        return boot(memory_catalog({{"1_a.sql", "create table done (id int);\n"
                                                "create table p (id int) partition by list (id);\n"
                                                "create table p1 partition of p for values in (1);\n"
                                                "create index p_id on p (id);\n" +
                                                    refuses_in_transaction},
                                    {"2_b.sql", no_transaction + second}}));
    }
    [[nodiscard]] std::string state() const
    {
        return value("select state || statement_reached from schemagate.history where version = '2'");
    }
};

} // namespace

TEST_CASE_METHOD(refused, "no-transaction runs what the server refuses inside a transaction alone", "[steps]")
{
    auto const version = std::stoi(value("show server_version_num"));
    auto const [from, statement] =
        GENERATE(table<int, std::string>({{140000, "reindex table p"},
                                          {140000, "reindex index p_id"},
                                          {150000, "cluster p using p_id"},
                                          {0, "call ext(false)"},
                                          {0, "do $$ begin call ext(false); end $$"}}));
    INFO(statement);
    if (version < from) {
        SUCCEED("a later version has it first");
        return;
    }
    REQUIRE(boot_with("insert into done values (0);\n" + statement + ";\ninsert into done values (2);\n")
                .applied() == 2);
    CHECK(state() == "applied3");
    CHECK(value("select string_agg(id::text, ',' order by id) from done") ==
          (statement.find("ext") == std::string::npos ? "0,2" : "0,1,2"));
}

TEST_CASE_METHOD(refused, "a procedure that ran alone and failed behind its COMMIT is not begun again",
                 "[steps][call]")
{
    auto const failed = boot_with("call ext(true);\n");
    REQUIRE(failed.code() == "script-failed");
    CHECK_THAT(failed.failure->message(), holds("what it committed stays"));
    CHECK(boot_with("call ext(true);\n").code() == "script-failed");
    CHECK(value("select count(*) from done") == "1");
}

TEST_CASE_METHOD(refused, "what the server refuses alone too has done nothing, and may be mended", "[steps]")
{
    auto const failed = boot_with("do $$ begin execute 'vacuum done'; end $$;\n");
    REQUIRE(failed.code() == "script-failed");
    CHECK(failed.failure->sqlstate() == "25001");
    CHECK(state() == "running0");
    CHECK(boot_with("vacuum done;\n").applied() == 1);
}
