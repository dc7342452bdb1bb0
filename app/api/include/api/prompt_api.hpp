// /v1/prompts: list, fetch, create, archive.
#pragma once

#include "api/parts.hpp"

namespace app {

/// Any thread. Those that change something block on the database; the others answer from memory.
class prompt_api
{
public:
    explicit prompt_api(parts const& with) : parts_{with} {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer fetch(call const& asked) const;
    [[nodiscard]] answer create(call const& asked) const;
    [[nodiscard]] answer patch(call const& asked) const;
    [[nodiscard]] answer archive(call const& asked) const;

private:
    parts const& parts_;
};

} // namespace app
