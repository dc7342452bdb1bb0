// url rewrite beside libpq, over good texts and over slips of a hand: what comes out differs from what went
// in by what was asked for and by nothing else, or nothing comes out.
#include <map>
#include <random>

#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"

#include "catch.hpp"
#include "delimiter_edits.hpp"
#include "diagnosis.hpp"
#include "libpq_parser.hpp"

namespace {

using values = std::map<std::string, std::string>;

std::optional<values> read_by_libpq(std::string const& text)
{
    auto const set = schemagate::url::libpq_parse(text);
    if (!set)
        return std::nullopt;
    auto result = values{};
    for (auto const& [keyword, value] : *set)
        result[keyword] = value.reveal();
    return result;
}

std::optional<std::string> moved(std::string const& text)
{
    auto change = schemagate::url_change{};
    change.host = "10.0.0.9";
    change.port = "6432";
    try {
        return rewrite({schemagate::secret{text}, "DATABASE_URL", {}}, change, fake_place{}).text.reveal();
    }
    catch (schemagate::failure const& f) {
        CHECK(f.code() == schemagate::errc::url_refused);
        return std::nullopt;
    }
}

} // namespace

TEST_CASE("a rewritten text differs for libpq in what was asked for alone", "[rewrite]")
{
    auto engine = std::mt19937{5};
    auto const number = [&](std::size_t below) { return engine() % below; };
    auto written = 0;
    for (auto round = 0; round < 40; ++round)
        for (auto const& canary : canaries)
            for (auto const& good : texts_with(canary)) {
                auto const text = round == 0 ? good : with_slips(good, encoded(canary), number);
                auto const after = moved(text);
                INFO(text << "\n" << after.value_or("(refused)"));
                if (round == 0)
                    REQUIRE(after);
                auto const doubtful = diagnose(text).hidden == schemagate::hidden_parts::all();
                CHECK_FALSE((after && doubtful));
                if (!after)
                    continue;
                ++written;
                auto expected = read_by_libpq(text).value();
                expected["host"] = "10.0.0.9";
                expected["port"] = "6432";
                expected.erase("hostaddr");
                CHECK(read_by_libpq(*after) == expected);
            }
    CHECK(written > 300);
}

TEST_CASE("a template as the password is not written, unless it is replaced", "[rewrite]")
{
    for (auto const* const text :
         {"postgresql://u:{{resolve:secretsmanager:prod/db:SecretString:password}}@db.example.com:5432/app",
          "postgresql://u:$DB_PASSWORD@db:5432/app", "postgresql://u:${DB_PASSWORD}@db:5432/app",
          "postgresql://u:[YOUR-PASSWORD]@db:5432/app", "postgresql://u:{your_password}@db:5432/app",
          "host=db user=u dbname=app password=<password>"}) {
        INFO(text);
        CHECK_FALSE(moved(text));
    }
    auto change = schemagate::url_change{};
    change.host = "10.0.0.9";
    change.password = schemagate::secret{"S3cret"};
    CHECK(rewrite({schemagate::secret{"postgresql://u:$DB_PASSWORD@db:5432/app"}, "DATABASE_URL", {}}, change,
                  fake_place{})
              .text.reveal() == "postgresql://u:S3cret@10.0.0.9:5432/app");
    // A password per host: libpq has one for all.
    CHECK_FALSE(moved("postgresql://u:Zq@h1:5432,u:Kx@h2:5432/app"));
}

TEST_CASE("who vouches for a doubtful text gets it rewritten", "[rewrite]")
{
    auto change = schemagate::url_change{};
    change.host = "10.0.0.9";
    auto const text = schemagate::database_url_text{
        schemagate::secret{"postgresql://u:Zq@db:5432/passport"}, "DATABASE_URL", {}};
    try {
        (void)rewrite(text, change, fake_place{});
        FAIL("was rewritten");
    }
    catch (schemagate::failure const& f) {
        CHECK(f.code_name() == "doubtful-reading");
        CHECK(has(f.fix(), "--accept doubtful-reading"));
    }
    change.doubt_accepted = true;
    CHECK(rewrite(text, change, fake_place{}).text.reveal() == "postgresql://u:Zq@10.0.0.9:5432/passport");
}
