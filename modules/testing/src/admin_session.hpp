// The module's own session on the server that holds the databases of tests.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate::testing {

/// One thread at a time.
class admin_session
{
public:
    /// Throws failure. `wait_max` 0 is one attempt.
    explicit admin_session(database_url_text const& url,
                           std::chrono::milliseconds wait_max = std::chrono::milliseconds{0});

    /// The rows of the last statement, as text. Throws postgres::sql_error.
    std::vector<std::vector<std::optional<std::string>>> operator()(std::string const& sql);
    /// The first cell; "" where it is null or there is none.
    std::string value(std::string const& sql);

    [[nodiscard]] std::string literal(std::string_view text) const { return connection_->literal(text); }
    [[nodiscard]] std::string identifier(std::string_view name) const
    {
        return connection_->identifier(name);
    }
    /// False once the server ended the session; asks it.
    [[nodiscard]] bool alive() noexcept;

    /// Text + place → settings, or failure: as a boot would.
    [[nodiscard]] static connection_settings judged(database_url_text const& url);

private:
    std::unique_ptr<postgres::wake> never_stopped_;
    std::optional<postgres::connection> connection_;
};

} // namespace schemagate::testing
