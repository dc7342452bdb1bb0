// The tests' private server watches Catch2 for tests that fail; a benchmark has none, but must link.
#ifndef SCHEMAGATE_CATCH2_V3
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif
