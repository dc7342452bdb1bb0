// libpq is the judge: what we take for effective, and what we hand to SOCI, is compared with libpq itself.
#include <cstdlib>
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

#include "../../../modules/database_url/src/uri_layout.hpp"

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

TEST_CASE("the environment's part is what libpq itself would use in this process", "[libpq]")
{
    // PQconndefaults() reads the real environment, and this_place() must read the same.
    auto const set = std::map<std::string, std::string>{{"PGHOST", "h1,h2"},
                                                        {"PGPORT", "6000,6001"},
                                                        {"PGUSER", "someone"},
                                                        {"PGDATABASE", "somewhere"},
                                                        {"PGREQUIRESSL", "1"}};
    for (auto const* other : {"PGHOSTADDR", "PGSERVICE", "PGSSLMODE"})
        ::unsetenv(other);
    for (auto const& [name, value] : set)
        ::setenv(name.c_str(), value.c_str(), 1);
    auto const theirs = values_of(PQconndefaults());
    auto const diagnosis = diagnose("postgresql://", schemagate::this_place());
    for (auto const& entry : set)
        ::unsetenv(entry.first.c_str());

    REQUIRE(diagnosis.effective);
    CHECK(diagnosis.effective->user == theirs.at("user"));
    CHECK(diagnosis.effective->dbname == theirs.at("dbname"));
    CHECK(diagnosis.effective->sslmode == theirs.at("sslmode"));
    CHECK(diagnosis.effective->where() == "h1:6000, h2:6001");
    CHECK(theirs.at("host") == "h1,h2");
    // Without PGUSER, the account's name on both sides.
    CHECK(read("postgresql://h/d").user == values_of(PQconndefaults()).at("user"));
}

TEST_CASE("the scanner's parts agree with libpq wherever libpq takes the text", "[libpq]")
{
    // Built from the bytes that separate parts, so that every odd order of them comes up.
    auto random = std::mt19937{7}; // NOLINT
    auto const pieces = std::vector<std::string>{"a", "b1", ":", "@",    "/",     "?",    "#",   "[",   "]",
                                                 ",", "&",  "=", "host", "port=", "5432", "%41", "::1", " "};
    auto pick = std::uniform_int_distribution<std::size_t>{0, pieces.size() - 1};
    auto length = std::uniform_int_distribution{0, 9};
    auto taken = 0;
    for (auto round = 0; round < 4000; ++round) {
        auto text = std::string{"postgresql://"};
        for (auto i = length(random); i > 0; --i)
            text += pieces[pick(random)];
        auto const judged = libpq_reads(text);
        if (!judged)
            continue;
        auto const layout = schemagate::url::scan_uri(text);
        REQUIRE(layout);
        INFO(text);
        if (!layout->parameters.empty())
            continue; // parameters override; the cases above compare them
        ++taken;
        // Encoded in its query form, each part must give libpq the same value.
        auto rebuilt = std::string{"postgresql:///"};
        auto hosts = std::string{};
        auto ports = std::string{};
        auto any_port = false;
        for (auto const& host : layout->hosts) {
            if (&host != &layout->hosts.front()) {
                hosts += ",";
                ports += ",";
            }
            hosts += host.host;
            ports += host.port.value_or("");
            any_port = any_port || host.port;
        }
        auto separator = '?';
        auto const add = [&](std::string const& keyword, std::string_view value) {
            if (value.empty())
                return;
            rebuilt += separator + keyword + "=";
            for (auto const c : value) // "%41" stays as written; "&" and "=" would end the value
                rebuilt += c == '&' ? "%26" : c == '=' ? "%3D" : std::string{c};
            separator = '&';
        };
        add("user", layout->user);
        add("password", layout->password.value_or(""));
        add("host", hosts);
        add("port", ports);
        add("dbname", layout->dbname.value_or(""));
        CHECK(libpq_reads(rebuilt) == judged);
    }
    CHECK(taken > 500);
}
