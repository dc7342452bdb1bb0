// What a script's file name says (PROTOCOL.md, "Script files").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schemagate/version.hpp"

namespace schemagate {

enum class script_role
{
    versioned,  ///< 0007_add_index.sql
    down,       ///< 0007_add_index.down.sql: legal, never run at boot
    repeatable, ///< R_totals_view.sql
};

struct script_name
{
    script_role role = script_role::versioned;
    std::optional<schemagate::version> version; ///< none for a repeatable script
    std::string description;
};

/// nullopt for a name of none of these forms.
[[nodiscard]] std::optional<script_name> read_script_name(std::string_view file);

} // namespace schemagate
