// What to type in the place where the process runs.
#pragma once

#include <string>

#include "schemagate/place.hpp"

namespace schemagate::url {

enum class place_command
{
    pass_secret,     ///< so that the variable holds a secret's value
    pick_key,        ///< so that it holds one key of a secret that is a JSON document
    attach_cloudsql, ///< so that a Cloud SQL instance has its socket below /cloudsql
};

/// For messages, without a full stop. `subject`: the variable's name, or the instance's.
[[nodiscard]] std::string command_for(place const& where, place_command which, std::string const& subject);

} // namespace schemagate::url
