// url_cases.tsv, judged by check() and made by rewrite(); terraform_cases.bash drives variables.tf with the
// same rows.
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "diagnosis.hpp"
#include "percent_encoded.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"

using namespace schemagate;

namespace {

struct url_case
{
    std::string name, connection, host, port, user, password, dbname, sslmode, hcl, code, url;

    [[nodiscard]] bool socket() const { return connection == "cloudsql-socket"; }
};

std::vector<url_case> const& table()
{
    static auto const all = [] {
        std::vector<url_case> rows;
        std::ifstream in{URL_CASES};
        for (std::string line; std::getline(in, line);) {
            if (line.starts_with('#'))
                continue;
            std::vector<std::string> cells;
            std::istringstream rest{line};
            for (std::string cell; std::getline(rest, cell, '\t');)
                cells.emplace_back(boost::json::parse('"' + cell + '"').as_string());
            INFO(line);
            REQUIRE(cells.size() == 11);
            rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7],
                            cells[8], cells[9], cells[10]});
        }
        return rows;
    }();
    return all;
}

/// Cloud Run with the instance attached where the row means the socket, so that only the text is judged.
fake_place place_of(url_case const& one)
{
    fake_place where;
    where.with("/cloudsql", file_kind::folder);
    if (one.host.ends_with("/.s.PGSQL.5432"))
        where.with(one.host, file_kind::socket);
    else if (one.socket())
        where.with_socket(one.host);
    return where;
}

url_policy policy_of(url_case const& one)
{
    url_policy policy;
    policy.connection = one.socket() ? connection_method::socket : connection_method::tcp;
    return policy;
}

/// What the module would build if it had no rules.
std::string built(url_case const& one)
{
    auto const account = "postgresql://" + encoded(one.user) + ':' + encoded(one.password) + '@';
    return one.socket()
               ? account + '/' + encoded(one.dbname) + "?host=" + one.host
               : account + one.host + ':' + one.port + '/' + encoded(one.dbname) + "?sslmode=" + one.sslmode;
}

std::string refusals(url_diagnosis const& diagnosis)
{
    std::string codes;
    for (auto const& one : diagnosis.findings)
        if (one.severity == severity::refuse)
            codes += (codes.empty() ? "" : ", ") + one.code;
    return codes;
}

std::string password_of(connection_settings const& settings)
{
    for (auto const& [keyword, value] : settings.parameters)
        if (keyword == "password")
            return value.reveal();
    return "";
}

void check_effective(url_diagnosis const& diagnosis, url_case const& one)
{
    REQUIRE(diagnosis.effective);
    auto const& effective = *diagnosis.effective;
    REQUIRE(effective.endpoints.size() == 1);
    CHECK(effective.endpoints[0].host == one.host);
    CHECK(effective.endpoints[0].port == one.port);
    CHECK(effective.endpoints[0].transport == (one.socket() ? transport::socket : transport::tcp));
    CHECK(effective.user == one.user);
    CHECK(effective.dbname == one.dbname);
    CHECK(password_of(effective) == one.password);
    if (!one.socket())
        CHECK(effective.sslmode == one.sslmode);
}

} // namespace

TEST_CASE("what the module builds is what libpq is to read, and no boot refuses it", "[url_cases]")
{
    int accepted = 0;
    for (auto const& one : table()) {
        if (one.hcl != "ok")
            continue;
        ++accepted;
        INFO(one.name << ": " << one.url);
        CHECK(one.code == "ok");
        auto const diagnosis = diagnose(one.url, place_of(one), policy_of(one));
        CHECK(refusals(diagnosis).empty());
        check_effective(diagnosis, one);
    }
    CHECK(accepted > 60);
}

TEST_CASE("rewrite() makes the same bytes from the same parts", "[url_cases]")
{
    for (auto const& one : table()) {
        if (one.hcl != "ok")
            continue;
        INFO(one.name << ": " << one.url);
        url_change change;
        change.host = one.host;
        change.user = one.user;
        change.password = secret{one.password};
        change.dbname = one.dbname;
        if (!one.socket()) {
            change.port = one.port;
            change.set["sslmode"] = one.sslmode;
        }
        auto const done =
            rewrite({secret{"postgresql://u:p@h/d"}, "the template", {}}, change, place_of(one));
        CHECK(done.text.reveal() == one.url);
    }
}

TEST_CASE("what the module refuses, check() refuses too, unless the table says that the module is stricter",
          "[url_cases]")
{
    int refused = 0;
    for (auto const& one : table()) {
        if (one.hcl == "ok")
            continue;
        ++refused;
        auto const diagnosis = diagnose(built(one), place_of(one), policy_of(one));
        INFO(one.name << ": " << built(one));
        CHECK(refusals(diagnosis) == (one.code == "stricter" ? "" : one.code));
    }
    CHECK(refused > 30);
}
