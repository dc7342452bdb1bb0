// /v1/prompts/{name}/versions and …/diff.
#pragma once

#include "api/parts.hpp"

namespace app {

/// Any thread. add blocks on the database; the others answer from memory.
class version_api
{
public:
    explicit version_api(parts const& with) : parts_{with} {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer find(call const& asked) const;
    [[nodiscard]] answer add(call const& asked) const;
    [[nodiscard]] answer difference(call const& asked) const;

private:
    parts const& parts_;
};

} // namespace app
