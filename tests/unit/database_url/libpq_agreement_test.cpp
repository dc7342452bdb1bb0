// libpq is the judge: what we take for effective, and what we hand to SOCI, is compared with libpq itself.
// The scanner and the environment's part are compared in tests/unit/libpq.
#include <map>
#include <random>

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

#include "catch.hpp"
#include "diagnosis.hpp"
#include "percent_encoded.hpp"

namespace {

using values = std::map<std::string, std::string>;

values values_of(PQconninfoOption* options)
{
    auto result = values{};
    for (auto const* option = options; option && option->keyword; ++option)
        if (option->val)
            result[option->keyword] = option->val;
    PQconninfoFree(options);
    return result;
}

// nullopt if libpq refuses the text.
std::optional<values> libpq_reads(std::string const& text)
{
    char* message = nullptr;
    auto* const options = PQconninfoParse(text.c_str(), &message);
    PQfreemem(message);
    return options ? std::optional{values_of(options)} : std::nullopt;
}

values ours(schemagate::connection_settings const& settings)
{
    auto result = values{};
    for (auto const& [keyword, value] : settings.parameters)
        result[keyword] = value.reveal();
    return result;
}

// No finding refuses: only the reading is of interest.
schemagate::connection_settings read(std::string const& text)
{
    auto policy = schemagate::url_policy{};
    for (auto const& finding : diagnose(text).findings)
        policy.accept.insert(finding.code);
    return require_usable(diagnose(text, fake_place{}, policy));
}

std::vector<std::string> passwords()
{
    auto result = std::vector<std::string>{"p",
                                           "5432",
                                           "a  b",
                                           "x=y \"q\" singlerow=true",
                                           "p@ss/w:rd#1%?&",
                                           "%41",
                                           "+",
                                           "\xC3\xBC\xE2\x82\xAC",
                                           "\x01\x1b[31m\x7f",
                                           "\xFF\xFE",
                                           "'",
                                           "\\",
                                           "\\'",
                                           "$HOME",
                                           "${X}",
                                           "postgresql://u:p@h/db"};
    for (auto c = 1; c < 256; ++c)
        result.push_back(std::string{"a"} + static_cast<char>(c) + "b");
    return result;
}

} // namespace

TEST_CASE("the settings hold exactly what PQconninfoParse reads", "[libpq]")
{
    for (std::string const text :
         {"postgresql://u:p@h:1/db", "postgresql://u:p@h1:1,h2/db?sslmode=require&user=v",
          "postgresql://h/d?ssl=true", "postgresql:///d?host=%2Frun%2Fpg",
          "host='a b' dbname='x\\'y' password=\\ z", "hostaddr=::1 port=''",
          "postgresql://u:p@h/d?us%65r=x&password=", "postgresql://u:a#b?c@[::1]:2/d&x", "dbname=d host=h"}) {
        INFO(text);
        CHECK(ours(read(text)) == libpq_reads(text));
    }
}

TEST_CASE("soci_url gives the same values when libpq reads it again", "[libpq]")
{
    for (auto const& password : passwords()) {
        auto const settings =
            read("postgresql://us%20er:" + encoded(password) +
                 "@h1:1,h2:2/d%2Fb?options=-c%20a%3Db%26c&sslpassword=" + encoded(password));
        auto const url = settings.soci_url().reveal();
        CHECK(libpq_reads(url) == ours(settings));
        CHECK(ours(settings).at("password") == password);
        CHECK(url.starts_with("postgresql:///?"));
        // SOCI looks for blanks, quotes and a second "="; none of a value's own bytes may remain.
        CHECK(url.find_first_of(" '\"+@#:", 13) == url.npos);
    }
}

TEST_CASE("soci_url survives any bytes that a value may hold", "[libpq]")
{
    auto random = std::mt19937{20240607}; // NOLINT: the same bytes on every run
    auto byte = std::uniform_int_distribution{1, 255};
    auto length = std::uniform_int_distribution{1, 40};
    for (auto round = 0; round < 500; ++round) {
        auto value = [&] {
            auto result = std::string{};
            for (auto i = length(random); i > 0; --i)
                result += static_cast<char>(byte(random));
            return result;
        };
        auto settings = schemagate::connection_settings{};
        auto expected = values{};
        for (auto const* keyword : {"host", "user", "password", "dbname", "options"}) {
            expected[keyword] = value();
            settings.parameters.push_back({keyword, schemagate::secret{expected[keyword]}});
        }
        CHECK(libpq_reads(settings.soci_url().reveal()) == expected);
    }
}

TEST_CASE("soci_url keeps settings without a host, and lets extra parameters override", "[libpq]")
{
    for (std::string const text : {"hostaddr=10.0.0.1 dbname=d", "postgresql:///d", "dbname=d",
                                   "host='' dbname=d", "postgresql:///?service=s"})
        CHECK(libpq_reads(read(text).soci_url().reveal()) == libpq_reads(text));

    auto const settings = read("postgresql://u:p@h:1/d");
    auto const url = settings.soci_url(
        {{"dbname", schemagate::secret{"e"}}, {"application_name", schemagate::secret{"a b"}}});
    auto expected = ours(settings);
    expected["dbname"] = "e";
    expected["application_name"] = "a b";
    CHECK(libpq_reads(url.reveal()) == expected);
    CHECK(libpq_reads(schemagate::connection_settings{}.soci_url().reveal()) == values{{"user", ""}});
}
