// JSON from outside: RFC 8259, and stricter where a lenient reader would change what the client meant.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace app {

/// Why a text is not accepted. Holds no part of the text but the names of keys.
class json_error : public std::exception
{
public:
    explicit json_error(std::string message) : message_{std::move(message)} {}
    [[nodiscard]] char const* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// Throws json_error for what is not JSON in UTF-8, and for what others would silently change: U+0000 (which
/// PostgreSQL cannot store), a key given twice (of which one would win), integers outside 64 bits and numbers
/// outside a double (which would be rounded), and nesting over 64. Any thread.
[[nodiscard]] boost::json::value parse_json(std::string_view text);

} // namespace app
