// The table of routes: everything that the service answers, and all that the OpenAPI document says of it.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/handler.hpp"
#include "route/call.hpp"
#include "route/parameter.hpp"

namespace app {

/// Answers from memory, on the thread of the connection; with a large body, on one of the worker pool.
using memory_handler = std::function<answer(call const&)>;
/// May answer later, from any thread; must not block.
using later_handler = std::function<void(call, respond)>;
/// Blocks on the database: runs on a thread of the worker pool, or of the one for analyses, which may take
/// long and must not hold up the others.
struct database_handler
{
    std::function<answer(call const&)> run;
    bool is_analysis = false;
};

struct route
{
    /// Who may come: `open` needs no key ever, `anonymous` none where the operator allows it.
    enum class access
    {
        open,
        anonymous,
        read,
        write,
        admin
    };

    char const* method;
    char const* pattern; ///< "/v1/prompts/{name}/versions/{n}"
    access needs;
    char const* operation; ///< operationId
    char const* summary;
    std::variant<memory_handler, later_handler, database_handler> handler;
    std::vector<parameter> parameters{};
    std::function<boost::json::object()> body{}; ///< the JSON Schema of the body; empty: no body is taken
    std::vector<int> statuses{200};              ///< of success, then of problems beside the usual ones
    std::uint64_t body_limit = std::uint64_t{1024} * 1024;
    bool before_opening = false; ///< answered while the gate is shut (probes)
    bool is_probe = false;       ///< answered where all connections are taken

    /// What an Idempotency-Key does.
    enum class repeating
    {
        plain,  ///< nothing: the request changes nothing, or the same once more
        kept,   ///< the handler answers once (parts::change_once)
        refused ///< it must not be kept, or cannot be together with what is done
    };
    repeating repeats = repeating::plain;
};

/// What a path leads to.
struct route_match
{
    route const* found = nullptr;
    std::vector<std::string> path; ///< the values of {…}
    std::vector<std::string>
        allowed{}; ///< methods that this path has, if the one asked for is not among them
};

/// Fixed once made. Any thread.
class route_table
{
public:
    explicit route_table(std::vector<route> rows);

    /// HEAD finds the GET.
    [[nodiscard]] route_match find(std::string_view method, std::vector<std::string> const& segments) const;
    [[nodiscard]] std::vector<route> const& rows() const noexcept { return rows_; }

private:
    std::vector<route> rows_;
    std::vector<std::vector<std::string>> patterns_; ///< of each row: segments, "{" for a parameter
};

/// OpenAPI 3.1 of the table.
[[nodiscard]] boost::json::object openapi_of(route_table const& table, std::string_view version);

} // namespace app
