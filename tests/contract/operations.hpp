// Every operation of the OpenAPI document: what a good request of it is, and which key it needs, as the
// contract says.
#pragma once

#include <algorithm>
#include <functional>
#include <map>

#include "contract.hpp"

namespace contract {

enum class needs
{
    nothing,   ///< probes, metrics, the document
    anonymous, ///< no key on a loopback listener
    read,
    write,
    admin
};

/// From the document that the service gives out.
struct operation
{
    std::string id; ///< operationId
    std::string method;
    std::string pattern; ///< "/v1/prompts/{name}"
    json::object document;

    /// The schema of its body; null if it has none.
    [[nodiscard]] json::value body_schema() const;
    [[nodiscard]] std::vector<json::object> query_parameters() const;
};
[[nodiscard]] std::vector<operation> operations_of(replica const& at);

/// What the test knows of an operation.
struct known_operation
{
    char const* id;
    needs key;
    /// A request that is answered with `status`, and with what it needs made first.
    std::function<asking(replica const&)> good;
    int status = 200;
};
[[nodiscard]] std::vector<known_operation> const& known_operations();
[[nodiscard]] known_operation const* known(std::string const& operation_id);

/// Texts that must never stand in a log: templates and values of good requests hold the first.
inline std::string const canary = "Canary-Of-Prompt-Text-5577";

/// What the database holds that a refused request must not change: cheap enough to ask after each.
[[nodiscard]] std::string state_of(support::sql_session& session);

} // namespace contract
