// The subcommands. Each reads, asks the engine, prints, and returns the exit code; failures fly past them.
#pragma once

#include "arguments.hpp"
#include "schemagate/catalog.hpp"
#include "schemagate/command_line.hpp"
#include "schemagate/place.hpp"

namespace schemagate {

/// What every command that asks the engine gets.
struct command_input
{
    command_line const& host;
    arguments const& asked;
    settings const& with;
    catalog const& shipped;
};

[[nodiscard]] int command_migrate(command_input const& in);
[[nodiscard]] int command_status(command_input const& in);
[[nodiscard]] int command_plan(command_input const& in);
[[nodiscard]] int command_verify(command_input const& in);

/// Needs no catalog, no server and no network.
[[nodiscard]] int command_url_check(arguments const& asked, place const& where);

/// Reads the old URL, writes the new one. Needs no server and no network. Throws usage_error, failure.
[[nodiscard]] int command_url_rewrite(command_line const& host, arguments const& asked, place const& where);

/// PORT and HOST, or their flags, or the defaults of the place. Throws failure{errc::setting_invalid}.
[[nodiscard]] listen_address listen_at(arguments const& asked, place const& where);

/// The catalog without the migrations above a version. Throws usage_error, naming the nearest versions, if it
/// holds no such version. Where the database is already beyond it, the engine finds the database newer and
/// does nothing.
[[nodiscard]] catalog catalog_up_to(catalog const& whole, std::string const& version_text);

/// The host's catalog or the folder's, up to --to.
[[nodiscard]] catalog catalog_for(command_line const& host, arguments const& asked);

/// Lets only waiting, retrying, warned and failed through: who asked for a table does not want the log of a
/// boot above it, but must hear why nothing comes.
[[nodiscard]] std::shared_ptr<observer> only_trouble(std::shared_ptr<observer> to);

} // namespace schemagate
