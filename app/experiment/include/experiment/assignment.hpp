// Who gets which variant.
#pragma once

#include <string_view>

#include "experiment/experiment.hpp"

namespace app {

/// The same user always gets the same variant of an experiment, and two experiments are independent: the
/// first 8 bytes (big endian) of SHA-256(experiment id, ":", user id) mod 10,000, against the cumulated
/// weights in the order of the array. A user id is bytes; an empty one is none, and gets a random variant.
/// nullptr if no variant has a weight.
[[nodiscard]] variant const* assign(experiment const& to, std::string_view user_id);

/// The same for a number from 0 to 9,999.
[[nodiscard]] variant const* variant_at(experiment const& of, unsigned point) noexcept;

} // namespace app
