// /v1/prompts/{name}/labels.
#pragma once

#include "api/parts.hpp"

namespace app {

/// Any thread; all block on the database.
class label_api
{
public:
    explicit label_api(parts const& with) : parts_{with} {}

    [[nodiscard]] answer move(call const& asked) const;
    [[nodiscard]] answer remove(call const& asked) const;
    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer history(call const& asked) const;

private:
    parts const& parts_;
};

struct label_body
{
    std::int64_t version = 0;
    std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(label_body, (), (version, reason))

} // namespace app
