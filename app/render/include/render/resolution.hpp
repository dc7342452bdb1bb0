// Which version of a prompt a caller gets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "snapshot/snapshot.hpp"

namespace app {

struct resolution
{
    std::shared_ptr<served_version const> version; ///< never null
    std::optional<std::string> category;
    std::optional<std::string>
        label;                      ///< by which it was found; nullopt for a pinned version or an experiment
    experiment const* by = nullptr; ///< of the snapshot
    variant const* assigned = nullptr;
    bool is_builtin = false;
};

struct wanted_version
{
    std::string_view name;
    std::optional<std::string> label{};
    std::optional<std::int64_t> version{};
    std::string_view user_id{};
    bool in_experiments = true; ///< a fetch without a user takes no part in one
};

/// Pinned version, then the active experiment (unless a label is given), then the label, production by
/// default, then the copy in the binary for the three built-in names. Throws problem: 404 `prompt-not-found`,
/// `version-not-found`, `label-not-found`; 400 if both label and version are given.
[[nodiscard]] resolution resolve(snapshot const& in, wanted_version const& wanted);

} // namespace app
