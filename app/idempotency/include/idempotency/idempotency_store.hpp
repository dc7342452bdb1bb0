// The answers of requests with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), for a day.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "database/database_connection.hpp"
#include "http/answer.hpp"
#include "http/request.hpp"

namespace app {

/// One request that may be sent twice.
struct repeatable_request
{
    std::string holder; ///< the id of the API key
    std::string key;
    std::string fingerprint; ///< SHA-256 in hexadecimal
};

/// Method, path, If-Match and body make the fingerprint.
[[nodiscard]] repeatable_request repeatable(request const& asked, std::string const& holder);

/// Both parts run in the transaction of what the request changes: the answer is there if and only if the
/// change is.
class idempotency_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit idempotency_store(std::string const& schema) : table_{schema + ".idempotency_keys"} {}

    /// Before the change: what this request was answered, if it was. Until the transaction ends, others with
    /// its key get problem 409 `idempotency-key-in-use`. Another request with this key is problem 422
    /// `idempotency-key-reused`.
    [[nodiscard]] std::optional<answer> find(database_connection& c, repeatable_request const& r) const;
    /// After it.
    void keep(database_connection& c, repeatable_request const& r, answer const& given) const;
    /// Those of more than a day. Waits for nobody.
    void drop_old(database_connection& c) const;

private:
    std::string table_;
};

} // namespace app
