// url rewrite over random texts: whatever libpq takes, a change is made or refused for a reason, and the two
// ways of working it out never differ (that would be errc::internal).
#include <random>

#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"

#include "catch.hpp"
#include "fake_place.hpp"

using schemagate::secret;

namespace {

class random_text
{
public:
    std::string operator()()
    {
        auto result =
            pick({"postgresql://", "postgres://", "postgresql://u:p@", "postgresql://u@h:1/d?", ""});
        for (auto count = number(14); count > 0; --count)
            result += pick({"u",         "p",         "h",
                            "@",         "/",         ":",
                            "?",         "&",         "=",
                            ",",         "%2F",       "%40",
                            "%",         "'",         "\\",
                            " ",         "host=",     "port=",
                            "user=",     "password=", "dbname=",
                            "ssl=true",  "[::1]",     "5432",
                            "hostaddr=", "sslmode=",  "requiressl=1",
                            "&&",        "u%73er=",   "#",
                            "=x",        "\t"});
        return result;
    }

    schemagate::url_change change()
    {
        auto result = schemagate::url_change{};
        if (number(2) == 0)
            result.host = pick({"db", "/s", "10.0.0.1", "::1", "@abstract"});
        if (number(3) == 0)
            result.port = pick({"5432", "1"});
        if (number(3) == 0)
            result.user = pick({"u", "a@b'c\\ d"});
        if (number(3) == 0)
            result.dbname = pick({"d", "a/b?c d"});
        if (number(3) == 0)
            result.password = secret{pick({"p", "'@/:?#%&=[], \\\n"})};
        if (number(3) == 0)
            result.set["sslmode"] = "require";
        if (number(3) == 0)
            result.unset.insert(pick({"hostaddr", "options", "requiressl", "ssl"}));
        if (number(3) == 0 && !result.password)
            result.unset.insert("password");
        return result;
    }

private:
    std::size_t number(std::size_t below) { return engine_() % below; }
    std::string pick(std::vector<std::string> const& from) { return from[number(from.size())]; }

    std::mt19937 engine_{20240511};
};

struct attempt
{
    bool made = false;
    std::string text;
    schemagate::errc code = schemagate::errc::usage;
};

attempt outcome(std::string const& text, schemagate::url_change const& change)
{
    try {
        return {true, rewrite({secret{text}, "DATABASE_URL", {}}, change, fake_place{}).text.reveal(),
                schemagate::errc::usage};
    }
    catch (schemagate::failure const& f) {
        return {false, "", f.code()};
    }
}

} // namespace

TEST_CASE("no text and no change make rewriting and libpq differ", "[rewrite]")
{
    auto random = random_text{};
    auto made = 0;
    for (auto round = 0; round < 40000; ++round) {
        auto const text = random();
        auto const change = random.change();
        auto const once = outcome(text, change);
        INFO(text << "\n" << once.text);
        REQUIRE(once.code != schemagate::errc::internal);
        if (!once.made)
            continue;
        ++made;
        auto const twice = outcome(once.text, change); // what was made may be empty, or ambiguous as before
        CHECK((twice.made ? twice.text == once.text : twice.code == schemagate::errc::url_refused));
    }
    CHECK(made > 2000);
}
