#include "schemagate/command_line.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "arguments.hpp"
#include "commands.hpp"
#include "console.hpp"
#include "schemagate/closing_line.hpp"
#include "schemagate/failure.hpp"
#include "setting_flags.hpp"
#include "stop_on_signal.hpp"

namespace schemagate {
namespace {

settings settings_for(command_line const& host, arguments const& asked, place const& where)
{
    place_with_flags const flags{where, asked.flags};
    try {
        auto with = settings::from_environment(flags);
        with.application = host.program;
        with.application_version = host.version;
        return with;
    }
    catch (failure const& f) {
        throw flags.in_terms_of_flags(f);
    }
}

int ask_engine(command_line const& host, arguments const& asked, place const& where)
{
    // The folder first: a wrong --to is a wrong command line, whatever the environment holds.
    auto const shipped = catalog_for(host, asked);
    auto const with = settings_for(host, asked, where);
    command_input const in{host, asked, with, shipped};
    switch (asked.command) {
    case command::migrate: return command_migrate(in);
    case command::status: return command_status(in);
    case command::plan: return command_plan(in);
    default: return command_verify(in);
    }
}

host_values values_of(command_line const& host, arguments const& asked, place const& where)
{
    place_with_flags const flags{where, asked.flags};
    host_values out;
    for (auto const& s : host.own_settings) {
        if (auto value = flags.variable(s.variable)) {
            out.emplace(s.variable, *std::move(value));
        }
    }
    return out;
}

int run_own(command_line const& host, arguments const& asked, place const& where)
{
    try {
        return asked.own->run(settings_for(host, asked, where), asked.own_words,
                              values_of(host, asked, where));
    }
    catch (std::invalid_argument const& e) {
        throw usage_error{e.what()};
    }
}

int run_command(command_line const& host, arguments const& asked)
{
    auto const& where = this_place();
    switch (asked.command) {
    case command::show_text: print(asked.text); return 0;
    case command::serve: {
        auto at = listen_at(asked, where);
        return host.serve(settings_for(host, asked, where), std::move(at), values_of(host, asked, where));
    }
    case command::own: return run_own(host, asked, where);
    case command::url_check: return command_url_check(asked, where);
    case command::url_rewrite: return command_url_rewrite(host, asked, where);
    default: return ask_engine(host, asked, where);
    }
}

// "prompt-service url rewrite --help": that of the command in whose arguments the mistake is. Only words of
// ours are repeated.
std::string help_command(command_line const& host, int argc, char const* const* argv)
{
    auto const* const* const end = argv + argc;
    auto const is = [](std::string_view word) {
        return [word](char const* argument) { return argument == word; };
    };
    auto const* const* const url = std::find_if(argv, end, is("url"));
    for (auto const* const command : {"check", "rewrite"}) {
        if (std::any_of(url, end, is(command))) {
            return host.program + " url " + command + " --help";
        }
    }
    return host.program + " --help";
}

} // namespace

int run_command_line(command_line const& host, int argc, char const* const* argv) noexcept
{
    hold_standard_streams();
    ignore_sigpipe const no_sigpipe;
    try {
        return run_command(host, parse_arguments(host, argc, argv));
    }
    catch (usage_error const& e) {
        complain(host.program, std::string{e.what()} + " Run \"" + help_command(host, argc, argv) + "\".");
        return static_cast<int>(exit_class::usage);
    }
    catch (failure const& f) {
        return report(f);
    }
    catch (std::exception const& e) {
        return report_internal(e);
    }
    catch (...) {
        return report_internal();
    }
}

} // namespace schemagate
