// One hash per object, equal on every version of PostgreSQL: a database that is upgraded does not drift.
//
// tests/scenarios/rich_schema/hashes.txt says what each version has to find. A changed expression or
// schema.sql renews it: SCHEMAGATE_RENEW=1 database_schema_test writes the file anew, on a version that
// knows everything (15 or later), and the same test on 13 and 18 then shows whether they agree. A hash that
// changes there is drift in every database that is migrated already, so say so in the CHANGELOG.
#include <cstdlib>
#include <sstream>

#include "rich_schema.hpp"

namespace {

struct rich : engine::fixture
{
    rich_schema::supported here{*database};

    // As the administrator: only a superuser makes an extension.
    rich() { with = support::settings_for(database->admin_url()); }

    [[nodiscard]] std::vector<std::string> hashes() const
    {
        std::vector<std::string> lines;
        for (auto const& row : database->query(
                 "select schema_name, kind || ' ' || schema_name || '.' || relation_name || case when "
                 "column_name = '' then '' else '.' || column_name end || ' ' || hash from "
                 "schemagate.object order by schema_name, relation_name, column_name")) {
            lines.push_back(row.at(1));
        }
        return lines;
    }
};

std::string schema_of(std::string const& line)
{
    auto const begin = line.find(' ') + 1;
    return line.substr(begin, line.find('.') - begin);
}

bool renew()
{
    auto const* const wish = std::getenv("SCHEMAGATE_RENEW");
    return wish != nullptr && *wish != '\0';
}

} // namespace

TEST_CASE_METHOD(rich, "each object's hash is the same on every version of PostgreSQL", "[drift]")
{
    REQUIRE(boot(here.catalog()).code() == "done");
    auto const found = hashes();
    CHECK(found.size() > 80);
    if (renew()) {
        REQUIRE((here.foreign_tables && here.since_15));
        std::ofstream out{rich_schema::path("hashes.txt"), std::ios::binary};
        for (auto const& line : found) {
            out << line << '\n';
        }
        return;
    }
    std::vector<std::string> expected;
    std::istringstream in{rich_schema::text("hashes.txt")};
    for (std::string line; std::getline(in, line);) {
        if (here.has(schema_of(line))) {
            expected.push_back(line);
        }
    }
    CHECK(found.size() == expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
        CHECK(found[i] == expected[i]);
    }
}
