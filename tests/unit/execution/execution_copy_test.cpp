#include "execution_copy.hpp"

#include "catch.hpp"
#include "database/sql_time.hpp"
#include "execution/execution_store.hpp"

using namespace app;

TEST_CASE("a line of COPY has a value for each column, and nothing in a value ends it", "[copy]")
{
    execution e;
    e.id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    e.prompt_name = "a\tb\\c\nd\re";
    e.prompt_version = 3;
    e.result.cost_micros = -225;
    execution const* const rows[] = {&e, &e};
    auto const text = copy_text(rows);
    auto const line = text.substr(0, text.find('\n'));
    CHECK(text == line + "\n" + line + "\n");
    auto const columns = copy_columns();
    CHECK(std::count(line.begin(), line.end(), '\t') == std::count(columns.begin(), columns.end(), ','));
    CHECK_THAT(line, support::holds("\t2022-02-22 19:22:22.000000+00\t"));
    CHECK_THAT(line, support::holds("\ta\\tb\\\\c\\nd\\re\t3\t\\N\t"));
    CHECK_THAT(line, support::holds("\t-0.000225\t"));
}

TEST_CASE("money is exact", "[copy]")
{
    CHECK(dollars(0) == "0.000000");
    CHECK(dollars(225) == "0.000225");
    CHECK(dollars(9'999'999'999) == "9999.999999");
    CHECK(dollars(-1'500'000) == "-1.500000");
}

TEST_CASE("numbers that are too large for their column become the largest", "[copy]")
{
    execution_result r;
    CHECK(tokens_of(r) == std::nullopt);
    r.input_tokens = 7;
    CHECK(tokens_of(r) == 7);
    r.input_tokens = 9'223'372'036'854'775'807;
    r.output_tokens = 9'223'372'036'854'775'807;
    CHECK(tokens_of(r) == 2'147'483'647);
}

TEST_CASE("moments as SQL has them", "[copy]")
{
    CHECK(to_sql_time(0) == "1970-01-01 00:00:00.000000+00");
    CHECK(to_sql_time(-1) == "1969-12-31 23:59:59.999999+00");
    CHECK(to_sql_time(1'764'443'045'123'456) == "2025-11-29 19:04:05.123456+00");
    CHECK(to_sql_time(end_of_time) == "infinity");
    CHECK(to_sql_time(beginning_of_time) == "-infinity");
}

TEST_CASE("a cursor is read back, and nothing else is one", "[cursor]")
{
    execution_cursor const cursor{1'764'443'045'123'456, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"};
    auto const back = execution_cursor::parse(cursor.text());
    REQUIRE(back);
    CHECK(back->executed_at == cursor.executed_at);
    CHECK(back->id == cursor.id);
    for (auto const* const text : {"", "1", "1_", "_017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "x_1",
                                   "99999999999999999999_017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                                   "1_017f22e2-79b0-7cc3-98c4-dc0c0c07398f'"}) {
        INFO(text);
        CHECK_FALSE(execution_cursor::parse(text));
    }
}
