// Plain libpq for the tests' own questions: what the server holds, seen without the code under test.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace support {

/// Cells as text; a null is "\\N" (as COPY writes it).
using rows = std::vector<std::vector<std::string>>;

class sql_session
{
public:
    /// Throws std::runtime_error with libpq's text.
    explicit sql_session(std::string const& url);

    /// One message, which may hold several statements; the rows of the last one. Throws std::runtime_error
    /// whose text begins with the SQLSTATE.
    rows operator()(std::string const& sql);
    /// The first cell.
    std::string value(std::string const& sql);

private:
    std::shared_ptr<void> connection_;
};

[[nodiscard]] rows query(std::string const& url, std::string const& sql);
[[nodiscard]] std::string value(std::string const& url, std::string const& sql);

/// Percent-encodes every byte but letters and digits.
[[nodiscard]] std::string percent_encoded(std::string const& text);
/// 'text' with its quotes doubled (standard_conforming_strings = on).
[[nodiscard]] std::string sql_literal(std::string const& text);

} // namespace support
