// What is embedded of a script, and what is refused: seen through read_folder, as the build sees it.
#include "folder_fixture.hpp"

#include "catch.hpp"

using namespace schemagate;
using namespace schemagate::test;

TEST_CASE("line ends, the BOM and the last newline are made alike on every machine", "[canonical]")
{
    struct sample
    {
        std::string bytes;
        std::string canonical;
    };
    auto const each = GENERATE(values<sample>({
        {"select 1;\n", "select 1;\n"},
        {"select 1;", "select 1;\n"},
        {"\xEF\xBB\xBFselect 1;\r\n\r\n", "select 1;\n\n"},
        {"select '\r\n';\r\n", "select '\n';\n"},
        {"-- +goose Up\nselect '\n-- +goose Down\n';\n", "-- +goose Up\nselect '\n-- +goose Down\n';\n"},
        // Not a checkout's doing: the string holds it.
        {"select '\r\n';\n", "select '\r\n';\n"},
        {"", ""},
        {"\xEF\xBB\xBF", ""},
        // Or the canonical form of the canonical text would be another one: found by fuzzing.
        {"\xEF\xBB\xBF\xEF\xBB\xBFselect 1;", "select 1;\n"},
        {"-- nothing\n", "-- nothing\n"},
        {"select 'é€😀';\n", "select 'é€😀';\n"},
        {"set client_encoding = 'utf-8';\nset names unicode;\nset client_encoding to sql_ascii;\nselect "
         "'é';\n",
         "set client_encoding = 'utf-8';\nset names unicode;\nset client_encoding to sql_ascii;\nselect "
         "'é';\n"},
        {"set client_encoding = latin1;\n-- é\nselect 'e';\n",
         "set client_encoding = latin1;\n-- é\nselect 'e';\n"},
    }));
    auto const content = reading(each.bytes);
    REQUIRE(content.problems.empty());
    REQUIRE(content.scripts.size() == 1);
    CHECK(content.scripts.front().text == each.canonical);
    CHECK(content.scripts.front().checksum == sha256_hex(each.canonical));
}

TEST_CASE("what psql alone understands is blanked where pg_dump writes it", "[canonical]")
{
    auto const content = reading("\\restrict a'bc\nselect 1;\n  \\unrestrict a'bc\n");
    REQUIRE(content.problems.empty());
    CHECK(content.scripts.front().text ==
          std::string(14, ' ') + "\nselect 1;\n" + std::string(18, ' ') + "\n");
}

TEST_CASE("a BEGIN … COMMIT around the whole file is blanked, and every position stays", "[canonical]")
{
    struct sample
    {
        std::string bytes;
        std::string canonical;
    };
    auto const each = GENERATE(values<sample>({
        {"begin;\nselect 1;\ncommit;\n", "      \nselect 1;\n       \n"},
        {"-- a\nBEGIN WORK ; select 1; END", "-- a\n             select 1;    \n"},
        {"start\ntransaction;\nselect 1;\ncommit transaction;\n",
         "     \n            \nselect 1;\n                   \n"},
        {"begin;commit;", "             \n"},
        {"begin -- x\n;select 1;commit", "      -- x\n;select 1;      \n"},
        {"begin read write;\nselect 1;\ncommit;\n", "                 \nselect 1;\n       \n"},
        {"begin isolation\nlevel repeatable read;\nselect 1;\ncommit;\n",
         "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;" + std::string(15, ' ') + "\n" +
             std::string(22, ' ') + "\nselect 1;\n       \n"},
    }));
    CAPTURE(each.bytes);
    auto const content = reading(each.bytes);
    REQUIRE(problems_of(content) == list{});
    CHECK(content.scripts.front().text == each.canonical);
    CHECK(content.scripts.front().transactional);
}

TEST_CASE("the canonical form of a canonical form is itself", "[canonical]")
{
    auto const once = reading("\xEF\xBB\xBF\\restrict x\r\nbegin;\r\ncreate table t (a int);\r\ncommit");
    REQUIRE(once.problems.empty());
    auto const twice = reading(once.scripts.front().text);
    REQUIRE(twice.problems.empty());
    CHECK(twice.scripts.front().checksum == once.scripts.front().checksum);
}

TEST_CASE("the data of COPY … FROM stdin is kept as it is", "[canonical]")
{
    auto const text = std::string{"copy t from stdin;\nbegin;\n\\N\t$$\n\\.\n"};
    auto const content = reading(text);
    REQUIRE(content.problems.empty());
    CHECK(content.scripts.front().text == text);
}

TEST_CASE("what cannot be sent is refused with its line", "[canonical]")
{
    struct sample
    {
        std::string bytes;
        std::size_t line;
        std::string_view word;
    };
    auto const each = GENERATE(values<sample>({
        {std::string{"select 1;\nselect '\0';\n", 21}, 2, "NUL"},
        {"select 1;\rselect 2;\n", 1, "carriage return"},
        {"select 1;\n\r", 2, "carriage return"},
        {"select 1;\r\n-- caf\xE9\n", 2, "0xE9"},
        {"select '\xC0\xAF';", 1, "0xC0"},
        {"\n\nselect '\xED\xA0\x80';", 3, "0xED"},
        {"select '\xF4\x90\x80\x80';", 1, "0xF4"},
        {"select '\xE2\x82", 1, "0xE2"},
        {std::string{"\xFF\xFEs\0", 4}, 1, "UTF-16"},
        {"select 1;\n-- \xE2\x80\xAE gnp\n", 2, "U+202E"},
        {"select '\xE2\x81\xA6';", 1, "U+2066"},
        {"select 1;\n\\i other.sql\n", 2, "\\i"},
        {"\\connect db\n", 1, "\\connect"},
        {"select 1 \\gexec\n", 1, "\\gexec"},
        {"select 1 \\restrict x\n", 1, "\\restrict"},
        {"select 1;\n\\.\n", 2, "\\."},
        {"select 1;\nselect $$", 2, "dollar quote"},
        {"\nselect 'it''s;\n", 2, "quoted string"},
        {"/* a\n", 1, "comment"},
        {"copy t from stdin;\n1\n", 1, "COPY data"},
        {"copy t from stdin; select 1\n2\n\\.\n, 3;\n", 1, "goes on behind the data"},
        {"-- a\n-- schemagate: no-transactions\n", 2, "no-transactions"},
        {"select 1;\n-- schemagate: lock-timeout=1s\n", 2, "comment that the script begins with"},
        {"select 1;\nselect 2;\n\n-- schemagate: allow x: y\nselect 3;\n", 4,
         "comment that the script begins with"},
        {"-- +goose Up\ncreate table t (a int);\n-- +goose Down\ndrop table t;\n", 3, "down.sql"},
        {"select 1;\nset client_encoding = 'LATIN1';\nselect 'é';\n", 2, "LATIN1"},
        {"set local client_encoding to win1252;\ncopy t from stdin;\né\n\\.\n", 1, "win1252"},
        {"SET NAMES 'latin9';\nselect 1, 'é';\n", 1, "latin9"},
        {"-- migrate:up\nselect 1;\n--migrate:down transaction:false\n", 3, "undoes the one above"},
        {"-- +migrate Up\nselect 1;\n-- +MIGRATE DOWN\nselect 2;\n", 3, "undoes the one above"},
        {"begin;\nselect 1;\n", 1, "begin"},
        {"select 1;\ncommit;\n", 2, "commit"},
        {"select 1;\nrollback;\n", 2, "rollback"},
        {"begin isolation level serializable;\nselect 1;\ncommit and chain;\n", 1, "begin isolation"},
        {"set x = 1;\nbegin;\nselect 1;\ncommit;\n", 2, "begin"},
        {"begin;\ncommit;\nbegin;\ncommit;\n", 1, "begin"},
        {"prepare transaction 'x';\n", 1, "prepare transaction"},
        {"begin;\nvacuum;\ncommit;\n", 2, "vacuum"},
        {"create index concurrently i on t (a);\nlisten a;\n", 2, "listen"},
        {"-- schemagate: breaks-older-than=9\n", 0, "above"},
    }));
    CAPTURE(each.bytes);
    auto const content = reading(each.bytes);
    REQUIRE_FALSE(content.problems.empty());
    auto const& first = content.problems.front();
    CHECK(first.line == each.line);
    CAPTURE(first.message);
    CHECK(first.message.find(each.word) != std::string::npos);
}

TEST_CASE("text that only looks dangerous is let through", "[canonical]")
{
    auto const text = GENERATE(values<std::string>({
        "select '\\i x', E'\\\\', $$ begin; commit; $$;\n",
        "-- it's a :name, \\i nothing\nselect '12:30';\n",
        "create function f() returns int begin atomic select 1; end;\n",
        "do $$ begin\n-- schemagate: nothing\ncommit; end $$;\n",
        "savepoint a; select 1; rollback to savepoint a;\n",
        "select 'vacuum';\n",
        "comment on table t is 'a\n-- schemagate: x\n';\n",
        "select '\xE2\x80\x8B' is null;\n",
    }));
    CAPTURE(text);
    CHECK(problems_of(reading(text)) == list{});
}

TEST_CASE("every problem of a script is found at once", "[canonical]")
{
    auto const content = reading("-- schemagate: a\n-- schemagate: b\n\\i x\ncommit;\nselect $$\n");
    CHECK(content.problems.size() == 4);
}
