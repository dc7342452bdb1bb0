// A migrated database for each test of a Catch2 binary:
//
//   int main(int argc, char* argv[])
//   {
//       schemagate::testing::server postgres;
//       schemagate::testing::template_database schema{postgres, schemagate::embedded_catalog()};
//       return Catch::Session().run(argc, argv);
//   }
//
//   TEST_CASE("…") { auto database = schemagate::testing::database(); connect_to(database.url()); … }
#pragma once

#include "schemagate/embedded_catalog.hpp"
#include "schemagate/testing/database.hpp"
#include "schemagate/testing/private_postgres.hpp"
#include "schemagate/testing/template_database.hpp"
#include "schemagate/testing/test_server.hpp"
