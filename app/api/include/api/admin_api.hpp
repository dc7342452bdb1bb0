// /v1/whoami, /v1/keys and /v1/audit.
#pragma once

#include "api/parts.hpp"

namespace app {

/// Any thread; all but whoami block on the database.
class admin_api
{
public:
    explicit admin_api(parts const& with) : parts_{with} {}

    /// Name and scope of the key, and what else decides what it may do.
    [[nodiscard]] answer whoami(call const& asked) const;
    [[nodiscard]] answer keys(call const& asked) const;
    /// The answer is the only place where the key is ever shown.
    [[nodiscard]] answer create_key(call const& asked) const;
    [[nodiscard]] answer revoke_key(call const& asked) const;
    [[nodiscard]] answer audit(call const& asked) const;

private:
    parts const& parts_;
};

struct key_body
{
    std::string name;
    std::string scope;
    std::optional<std::string> expires_at;
};
BOOST_DESCRIBE_STRUCT(key_body, (), (name, scope, expires_at))

/// What POST /v1/keys and `keys create` take for granted: throws decode_error.
struct new_key
{
    std::string name;
    scope may;
    std::optional<std::int64_t> expires_at; ///< microseconds since 1970
};
[[nodiscard]] new_key new_key_of(key_body const& body);

} // namespace app
