// What we report with the environment, the service file and the defaults applied is what libpq would use:
// every value of every keyword, asked of libpq in the same process with the same environment.
#include "catch.hpp"
#include "connection_texts.hpp"
#include "effective_reading.hpp"
#include "libpq_oracle.hpp"
#include "libpq_parser.hpp"
#include "process_environment.hpp"
#include "schemagate/database_url.hpp"
#include "temporary_folder.hpp"

namespace url = schemagate::url;

namespace {

using variables = std::map<std::string, std::string>;

// One service of each kind: whole, overridden, with what libpq refuses, and with an odd name.
support::temporary_folder const& folder()
{
    static support::temporary_folder const made;
    static auto const filled = [&] {
        made.write(
            "services",
            "# of the test\n[full]\nhost=s1,s2\n  port=7001 \nuser=sam\ndbname=stock\nsslmode=require\n"
            "passfile=/nowhere/of/service\nuser=second\n\n[ spaced ]\nhost=no\n"
            "[partial]\nport=7002\n[empty]\n[full]\nhost=never\n"
            "[a]b]\nhost=bracket\n[last]tail\ndbname=tail");
        made.write("faulty", "[line]\nhost=s1\nno equals sign\n[keyword]\nnothing=1\n[nested]\nservice=full\n"
                             "[blank]\nhost = s1\n[good]\nhost=good\n");
        made.write("long", "[long]\nhost=s1\n#" + std::string(1021, 'x') + "\n");
        made.write("fits", "[long]\nhost=s1\n#" + std::string(1020, 'x') + "\n");
        made.write(".pg_service.conf", "[full]\nhost=of_home\n[home]\nuser=hanna\n");
        made.write("system/pg_service.conf", "[full]\nhost=of_system\n[system]\ndbname=sys\n");
        return true;
    }();
    static_cast<void>(filled);
    return made;
}

std::vector<variables> environments()
{
    auto const top = folder().path().string();
    auto result = std::vector<variables>{
        {},
        {{"PGHOST", "e1"}},
        {{"PGHOST", "e1,e2"}, {"PGPORT", "6001,6002"}},
        {{"PGHOST", ""}, {"PGPORT", ""}, {"PGUSER", ""}, {"PGDATABASE", ""}},
        {{"PGHOST", "/var/run/x"}, {"PGPORT", "7"}},
        {{"PGHOSTADDR", "10.0.0.9"}},
        {{"PGHOSTADDR", "10.0.0.9,::1"}, {"PGHOST", "e1"}},
        {{"PGHOSTADDR", ""}},
        {{"PGUSER", "eve"}},
        {{"PGUSER", "eve"}, {"PGDATABASE", "edb"}, {"PGPASSWORD", "epw"}, {"PGOPTIONS", "-c a=b"}},
        {{"PGSSLMODE", "verify-full"}, {"PGREQUIRESSL", "1"}},
        {{"PGREQUIRESSL", "1"}},
        {{"PGREQUIRESSL", "0"}},
        {{"PGREQUIRESSL", "1x"}},
        {{"PGSSLMODE", ""}},
        {{"PGPASSFILE", "/nowhere/pass"}},
        {{"PGAPPNAME", "app"},
         {"PGCONNECT_TIMEOUT", "3"},
         {"PGCLIENTENCODING", "UTF8"},
         {"PGSSLSNI", "0"},
         {"PGSSLROOTCERT", "/x"},
         {"PGCHANNELBINDING", "require"},
         {"PGGSSENCMODE", "disable"}},
    };
    for (auto const* name :
         {"full", "partial", "empty", "", " spaced ", "a]b", "last", "none", "home", "system"})
        for (auto const& files :
             {variables{{"PGSERVICEFILE", top + "/services"}}, variables{},
              variables{{"PGSERVICEFILE", top + "/services"}, {"PGSYSCONFDIR", top + "/system"}},
              variables{{"PGSYSCONFDIR", top + "/system"}, {"PGPORT", "6009"}, {"PGUSER", "eve"}},
              variables{{"PGSERVICEFILE", top + "/absent"}, {"PGSYSCONFDIR", top + "/system"}},
              variables{{"PGSERVICEFILE", top}, {"PGSYSCONFDIR", top + "/system"}}}) {
            result.push_back(files);
            result.back()["PGSERVICE"] = name;
        }
    for (auto const* name : {"line", "keyword", "nested", "blank", "good"})
        result.push_back({{"PGSERVICE", name}, {"PGSERVICEFILE", top + "/faulty"}});
    for (auto const* file : {"/long", "/fits"})
        result.push_back({{"PGSERVICE", "long"}, {"PGSERVICEFILE", top + file}});
    for (auto& one : result)
        one.try_emplace("HOME", top);
    for (auto const* home : {"", "/nowhere"})
        result.push_back({{"HOME", home}, {"PGSERVICE", "home"}});
    return result;
}

void agrees(std::string const& text)
{
    auto const set = url::libpq_parse(text);
    if (!libpq_oracle::is_connection_string(text))
        return;
    auto theirs = libpq_oracle::used(text);
    if (!set) {
        CHECK_FALSE(theirs);
        return;
    }
    auto const values = url::effective_values{*set, schemagate::this_place()};
    auto const endpoints = url::endpoints_of(values);
    // Unknown: it may be in the folder that was compiled into libpq, and it is not on this machine.
    if (values.service_refused() || values.service_unknown() || !endpoints.counts_match) {
        CHECK_FALSE(theirs);
        return;
    }
    REQUIRE(theirs);
    auto ours = reading_of(values);
    as_a_connection_holds_them(ours);
    as_a_connection_holds_them(*theirs);
    for (auto const& [keyword, value] : *theirs) {
        INFO(keyword);
        CHECK(ours[keyword] == value);
    }
    CHECK(ours.size() == theirs->size());

    auto const diagnosis =
        check({schemagate::secret{text}, "DATABASE_URL", {}}, schemagate::this_place(), {});
    if (diagnosis.verdict == schemagate::verdict::error || !diagnosis.effective)
        return;
    CHECK(diagnosis.effective->user == theirs->at("user"));
    CHECK(diagnosis.effective->dbname == theirs->at("dbname"));
    CHECK(diagnosis.effective->sslmode == (*theirs)["sslmode"]);
    CHECK(diagnosis.effective->endpoints.size() == endpoints.all.size());
}

std::string shown(variables const& set)
{
    auto result = std::string{};
    for (auto const& [name, value] : set)
        result += name + "=" + value + " ";
    return result;
}

} // namespace

TEST_CASE("with every environment and service file, the values are those that libpq would use", "[libpq]")
{
    for (auto const& environment : environments()) {
        auto const held = process_environment{environment};
        INFO(shown(environment));
        for (auto const* text :
             {"postgresql://", "postgresql://h/d", "postgresql://u:p@h:1/d?sslmode=prefer",
              "postgresql://h1,h2/", "postgresql:///d?host=", "postgresql:///?service=full",
              "postgresql:///?service=", "postgresql://u@/d?hostaddr=10.0.0.1", "user='' dbname=''",
              "host='' port='' password='' passfile=''", "service=partial host=h", "service=none port=5",
              "postgresql://h?options=-c%20x%3Dy&passfile=/nowhere/mine", "sslmode='' host=h"}) {
            INFO(text);
            agrees(text);
        }
    }
}

TEST_CASE("in a few environments, the values of every text are those that libpq would use", "[libpq]")
{
    auto const all = environments();
    for (auto const at : {std::size_t{0}, std::size_t{2}, std::size_t{6}, std::size_t{9}, std::size_t{17}}) {
        auto const held = process_environment{all.at(at)};
        INFO(shown(all.at(at)));
        auto grammar = text_grammar{static_cast<std::uint_fast32_t>(at)};
        for (auto const& text : written_texts()) {
            INFO(text);
            agrees(text);
        }
        for (auto round = 0; round < 1000; ++round) {
            auto const text = round % 2 == 0 ? grammar.uri() : grammar.keyword_value();
            INFO(text);
            agrees(text);
        }
    }
}
