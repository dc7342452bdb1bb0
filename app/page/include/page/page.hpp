// The page for people, at `/`: static files that lie in the program. It works without the database, and
// before the gate opens.
#pragma once

#include <string_view>

#include "http/answer.hpp"
#include "http/request.hpp"

namespace app {

/// A file of the page: "index.html" is the one of `/`, and the others are at `/page/…`. As gzip, where the
/// client takes it; 304, where it has it. Throws problem 404 for a name that there is not. Any thread.
[[nodiscard]] answer page_answer(std::string_view file, request const& asked);

} // namespace app
