// /v1/prices.
#pragma once

#include "api/parts.hpp"
#include "price/price_store.hpp"

namespace app {

/// Any thread; all block on the database.
class price_api
{
public:
    explicit price_api(parts const& with) : parts_{with}, store_{with.db.schema()} {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer put(call const& asked) const;
    [[nodiscard]] answer remove(call const& asked) const;

private:
    parts const& parts_;
    price_store store_;
};

} // namespace app
