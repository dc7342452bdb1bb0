// Our own statements around the scripts, which the server parses and plans once for many of them.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

struct statement_argument
{
    std::string_view type; ///< "text", "int8"; of pg_catalog
    std::string value;     ///< SQL: a literal, an expression
};

/// Writes SQL that prepares a statement where it is first used and executes it from there on (PostgreSQL
/// documentation, "PREPARE"), all in the text of the message: no round trip is added. What is sent must be
/// sent in the order in which it was written. After an error nobody knows how far a message came, so
/// everything is prepared anew, under other names.
///
/// One thread, as the connection.
class prepared_statements
{
public:
    /// `usable`: false behind a pooler, where the next message may meet another backend.
    prepared_statements(connection const& on, bool usable);

    /// Makes the text of a statement from the values of its parameters.
    using writer = std::function<std::string(std::vector<std::string> const&)>;

    /// SQL that runs the statement, with "; " behind it. `name` stands for this text, on this search_path:
    /// under another one the server would analyze it again each time.
    [[nodiscard]] std::string run(std::string_view name, std::vector<statement_argument> const& arguments,
                                  writer const& text);
    /// The same without preparing it: behind a script that may have dropped what is prepared.
    [[nodiscard]] static std::string run_once(std::vector<statement_argument> const& arguments,
                                              writer const& text);

    /// Behind what was written so far, nothing is prepared any more (DEALLOCATE ALL).
    void dropped();
    /// "DEALLOCATE ALL; " if an error has left statements behind that nobody uses, else "".
    [[nodiscard]] std::string drop_left_behind();
    [[nodiscard]] bool usable() const noexcept { return usable_; }
    /// From here on nothing is prepared: somebody else drops what is. False if that was so before.
    bool give_up() noexcept;

private:
    void heed_errors();

    connection const& on_;
    bool usable_;
    std::size_t errors_ = 0;     ///< of the connection when we last looked
    std::string nonce_;          ///< in the names: a pooler may hand on what an earlier process has prepared
    std::size_t generation_ = 0; ///< in the names
    bool left_behind_ = false;
    std::set<std::string, std::less<>> ready_;
};

/// Begins the names of all of them, which no script uses.
inline constexpr std::string_view prepared_prefix = "schemagate: ";

} // namespace schemagate::postgres
