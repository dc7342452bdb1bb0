// Whether the Catch2 test that runs now has failed.
#pragma once

#include <string>

namespace schemagate::testing {

/// Listens to Catch2 from its next session on. Called before Catch::Session::run(), as often as one likes.
void watch_tests();

/// An assertion of the running test case has failed, in this pass through its sections.
[[nodiscard]] bool test_has_failed() noexcept;
/// "" where no test runs.
[[nodiscard]] std::string test_name();

} // namespace schemagate::testing
