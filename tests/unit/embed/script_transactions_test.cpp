// Which scripts run in one transaction, which in steps, and which are refused.
#include <string>

#include "canonical.hpp"
#include "catch.hpp"

using namespace schemagate;

namespace {

struct settled
{
    std::string text;
    bool transactional = true;
    std::string problems; // "3: message\n" of each
};

settled settle(std::string_view bytes, script_use use = script_use::migration)
{
    settled result;
    auto const script =
        canonical_form(std::string{bytes}, use, [&](std::size_t line, std::string const& message) {
            result.problems += std::to_string(line) + ": " + message + "\n";
        });
    result.text = script.text;
    result.transactional = script.transactional;
    return result;
}

} // namespace

TEST_CASE("a script runs in one transaction unless it cannot, or says otherwise", "[script_transactions]")
{
    struct sample
    {
        std::string_view text;
        bool transactional;
    };
    auto const each = GENERATE(values<sample>({
        {"", true},
        {"create table t (a int);\ncreate temp table u (a int);\nset local a.b = 1;\n", true},
        {"vacuum;\n", false},
        {"create table t (a int);\ncreate index concurrently i on t (a);\n", false},
        {"set lock_timeout = 0;\ncreate index concurrently i on t (a);\nreset lock_timeout;\ninsert into t "
         "values (1);\n",
         false},
        {"alter type state add value 'held';\n", true},
        {"alter type state add value 'held';\nupdate t set state = 'held';\n", false},
        // The author asks for one transaction, and the server judges whether the value is used.
        {"begin;\nalter type state add value 'held';\ncreate function f() returns int language plpgsql as $$ "
         "begin return 'held'; end $$;\ncommit;\n",
         true},
        {"-- schemagate: no-transaction\ncreate table t (a int);\n", false},
        {"-- schemagate: own-transactions\nbegin;\nselect 1;\ncommit;\nvacuum;\nbegin isolation level "
         "serializable;\ncommit;\n",
         false},
        {"-- schemagate: own-transactions\nselect 1;\n", false},
        {"copy t from stdin;\n1\n\\.\nvacuum t;\n", false},
    }));
    CAPTURE(each.text);
    auto const found = settle(each.text);
    CHECK(found.problems.empty());
    CHECK(found.transactional == each.transactional);
}

TEST_CASE("own-transactions keeps the script's BEGIN and COMMIT, also around the whole file",
          "[script_transactions]")
{
    auto const text = std::string{"-- schemagate: own-transactions\nbegin;\nselect 1;\ncommit;\n"};
    CHECK(settle(text).text == text);
}

TEST_CASE("what cannot be run safely is refused with its line, the reason and a way out",
          "[script_transactions]")
{
    struct sample
    {
        std::string_view text;
        std::string_view begin;
        std::string_view reason;
    };
    auto const each = GENERATE(values<sample>({
        {"select 1;\nbegin;\nselect 2;\ncommit;\n", "2: begin: every migration", "own-transactions"},
        {"-- schemagate: no-transaction\nbegin;\nselect 1;\ncommit;\n", "2: begin: every migration",
         "own-transactions"},
        {"begin;\ncreate index concurrently i on t (a);\ncommit;\n", "2: create index concurrently i",
         "Remove BEGIN and COMMIT"},
        {"create temp table a (b int);\nvacuum;\n", "1: create temp table a (b int): a temporary object",
         "in line 2: vacuum)"},
        {"vacuum;\nset local a.b = 1;\n", "2: set local a.b = 1: outside a block", "in line 1: vacuum)"},
        {"alter type s add value 'x';\nselect 'x'::s;\nprepare p as select 1;\n",
         "3: prepare p as select 1: a prepared", "put BEGIN … COMMIT around"},
        {"-- schemagate: no-transaction\nlisten a;\n", "2: listen a: nobody", "A directive asks"},
        {"-- schemagate: own-transactions\nbegin;\nselect 1;\n", "2: begin: the block", "A directive asks"},
        {"-- schemagate: own-transactions\nbegin;\nvacuum;\ncommit;\n", "3: vacuum: PostgreSQL refuses",
         "A directive asks"},
        {"-- schemagate: own-transactions\nselect 1;\ncommit;\n", "3: commit: there is no block",
         "A directive asks"},
        {"begin read only;\nselect 1;\ncommit;\n", "1: begin read only: a migration writes",
         "Take READ ONLY"},
        {"set transaction isolation level serializable, read only, deferrable;\n",
         "1: set transaction isolation level serializable", "Take READ ONLY"},
    }));
    CAPTURE(each.text);
    auto const found = settle(each.text);
    CAPTURE(found.problems);
    CHECK(found.problems.starts_with(each.begin));
    CHECK(found.problems.find(each.reason) != std::string::npos);
}

TEST_CASE("a twin runs in a transaction of ours and nowhere else", "[script_transactions]")
{
    CHECK(settle("alter type s add value 'x';\nselect 'x'::s;\n", script_use::twin).transactional);
    CHECK(settle("select 1;\nvacuum;\n", script_use::twin)
              .problems.starts_with("2: vacuum: PostgreSQL refuses"));
    CHECK(settle("begin;\nselect 1;\ncommit;\n", script_use::twin).problems.starts_with("1: begin: a twin"));
}

TEST_CASE("a refused statement's strings are not shown", "[script_transactions]")
{
    auto const found = settle("alter system set primary_conninfo = 'password=Zq7wKx2yVj';\nlisten a;\n");
    CHECK_FALSE(found.problems.empty());
    CHECK(found.problems.find("Zq7wKx2yVj") == std::string::npos);
}
