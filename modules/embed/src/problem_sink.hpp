// Where the readers of one script put what they find.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace schemagate {

/// Line (0: the file as a whole), and what and why.
using problem_sink = std::function<void(std::size_t line, std::string message)>;

} // namespace schemagate
