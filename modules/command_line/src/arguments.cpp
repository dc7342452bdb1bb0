// CLI11 parses; what it says about errors is never shown, because its texts repeat the arguments, and an
// argument may be a password. So every subcommand collects what it does not know, and the sentence about it
// is ours.
#include "arguments.hpp"

#include <CLI/CLI.hpp>

#include "rewrite_options.hpp"
#include "schemagate/safe_text.hpp"
#include "setting_flags.hpp"

namespace schemagate {
namespace {

struct parser
{
    explicit parser(command_line const& host);

    CLI::App* add(CLI::App& parent, std::string const& name, std::string const& help)
    {
        auto* const sub = parent.add_subcommand(name, help);
        sub->fallthrough(); // `migrate --lock-wait 5s` is as good as `--lock-wait 5s migrate`
        sub->allow_extras();
        sub->footer("The options of `" + host.program + " --help` may stand here too.");
        words.push_back(name);
        return sub;
    }

    void value(CLI::App& owner, std::string const& name, std::optional<std::string>& into,
               std::string const& help, std::string const& takes)
    {
        owner
            .add_option_function<std::string>(
                name, [&into](std::string const& text) { into = text; }, help)
            ->type_name(takes);
        words.push_back(name);
    }

    command_line const& host;
    CLI::App app;
    arguments read;
    bool version = false;
    std::vector<std::string> words; ///< all that may stand in a command line
    CLI::App* serve = nullptr;
    CLI::App* migrate = nullptr;
    CLI::App* status = nullptr;
    CLI::App* plan = nullptr;
    CLI::App* verify = nullptr;
    CLI::App* url = nullptr;
    CLI::App* url_check = nullptr;
    CLI::App* url_rewrite = nullptr;
    std::vector<CLI::App*> own; ///< in the order of host.own_commands
};

parser::parser(command_line const& h)
    : host{h}, app{h.serve ? "Brings the database's schema up to date, then serves."
                           : "Brings a database's schema up to date with a folder of SQL.",
                   h.program}
{
    app.allow_extras();
    app.require_subcommand(0, 1);
    app.set_help_flag("-h,--help", "print this and exit");
    app.add_flag("--version", version, "print the version and exit");
    app.add_flag("--json", read.json, "print JSON (all but serve)");
    words.insert(words.end(), {"--help", "--version", "--json", "--dry-run"});

    if (host.shipped == nullptr) {
        value(app, "--from", read.from, "the folder of migrations", "DIR");
        value(app, "--catalog", read.catalog,
              "the history's name for these migrations; a backend's is the NAME it embeds them under (" +
                  host.program + ')',
              "NAME");
    }
    if (host.serve) {
        serve = add(app, "serve", "bring the schema up to date, then serve (the default)");
        value(app, "--host", read.host, "address to listen at (HOST)", "HOST");
        value(app, "--port", read.port, "port to listen at; 0 is any free one (PORT, 8080)", "PORT");
    }
    migrate = add(app, "migrate", "bring the schema up to date and exit");
    migrate->add_flag("--dry-run", read.dry_run, "only show what would be applied, as `plan` does");
    value(*migrate, "--to", read.to, "apply nothing above this version", "VERSION");
    status = add(app, "status", "show what is applied and what is pending; never writes");
    plan = add(app, "plan", "show what would be applied, in order; never writes");
    verify = add(app, "verify", "check history, objects and twins; never writes");
    url = add(app, "url", "about DATABASE_URL");
    url_check = add(*url, "check", "say what is wrong with DATABASE_URL, and what libpq makes of it");
    add_url_choice(*url_check, read.which, words);
    url_check->footer("Reads DATABASE_URL, DATABASE_URL_FILE or the credential database_url, and opens no "
                      "connection. A secret is judged before it is used by piping it in with --stdin. The "
                      "options of `" +
                      host.program + " --help` may stand here too.");
    url_rewrite = add(*url, "rewrite", rewrite_help);
    add_url_choice(*url_rewrite, read.which, words);
    add_rewrite_options(*url_rewrite, read.rewrite, words);

    for (auto const& command : host.own_commands) {
        auto* const sub = app.add_subcommand(command.name, command.help);
        sub->set_help_flag(); // its own words say more
        sub->prefix_command();
        own.push_back(sub);
        words.emplace_back(command.name);
    }
    for (auto const& s : host.own_settings) {
        app.add_option_function<std::string>(
               s.flag,
               [&flags = read.flags, variable = std::string{s.variable}](std::string const& text) {
                   flags[variable] = text;
               },
               std::string{s.help} + " [" + s.variable + ']')
            ->type_name(s.takes)
            ->group("Settings of " + host.program);
        words.emplace_back(s.flag);
    }

    for (auto const& s : setting_flags()) {
        std::string const variable = s.variable;
        if (!host.serve && (variable == "SCHEMAGATE_MODE" || variable == "SCHEMAGATE_ON_REFUSAL")) {
            continue; // the commands each have one mode, and end
        }
        auto& flags = read.flags;
        auto const help = std::string{s.help} + " [" + variable + ']';
        auto* const option =
            *s.takes == '\0'
                ? app.add_flag_callback(
                      s.flag, [&flags, variable] { flags[variable] = "1"; }, help)
                : app.add_option_function<std::string>(
                         s.flag, [&flags, variable](std::string const& text) { flags[variable] = text; },
                         help)
                      ->type_name(s.takes);
        option->group("Settings");
        words.emplace_back(s.flag);
    }
    app.footer("The connection is never an argument: set DATABASE_URL, or DATABASE_URL_FILE to a file that "
               "holds it.");
}

// CLI11 names the option at fault in the texts of this one error, and nothing of what the user wrote beside
// it.
std::string at_fault(CLI::ArgumentMismatch const& e)
{
    std::string const text = e.what();
    auto const begin = text.find("--");
    if (begin == text.npos) {
        return "an option";
    }
    return text.substr(begin, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin) - begin);
}

command chosen(parser const& p)
{
    if (p.migrate->parsed()) {
        return p.read.dry_run ? command::plan : command::migrate;
    }
    if (p.status->parsed()) {
        return command::status;
    }
    if (p.plan->parsed()) {
        return command::plan;
    }
    if (p.verify->parsed()) {
        return command::verify;
    }
    if (p.url_check->parsed()) {
        return command::url_check;
    }
    if (p.url_rewrite->parsed()) {
        return command::url_rewrite;
    }
    if (p.url->parsed()) {
        throw usage_error{"url needs a subcommand: url check or url rewrite."};
    }
    if (!p.host.serve) {
        throw usage_error{"a subcommand is missing: migrate, status, plan, verify, url check or "
                          "url rewrite."};
    }
    return command::serve;
}

// What each command takes, where CLI11 took it from the common ones.
void judge(parser const& p)
{
    auto const& a = p.read;
    if (a.command == command::serve) {
        if (a.json) {
            throw usage_error{"--json is for all commands but serve."};
        }
        return;
    }
    if (a.host || a.port) {
        throw usage_error{"--host and --port are for serve only."};
    }
    if (a.flags.contains("SCHEMAGATE_MODE")) {
        throw usage_error{"--mode is for serve only; the other commands say by their name what they do."};
    }
    if (a.flags.contains("SCHEMAGATE_ON_REFUSAL")) {
        throw usage_error{"--on-refusal is for serve only; the other commands end with their exit code."};
    }
    if (a.catalog && a.catalog->empty()) {
        throw usage_error{"--catalog is empty."};
    }
    std::string_view rest = a.catalog ? std::string_view{*a.catalog} : "";
    for (; !rest.empty(); rest.remove_prefix(utf8_length(rest))) {
        if (utf8_length(rest) == 0) {
            throw usage_error{"--catalog is not UTF-8."};
        }
    }
    if (p.host.shipped == nullptr && !a.from && a.command != command::url_check &&
        a.command != command::url_rewrite) {
        throw usage_error{"--from DIR is missing: the folder that holds the migrations."};
    }
}

} // namespace

arguments parse_arguments(command_line const& host, int argc, char const* const* argv)
{
    guard_arguments(argc, argv);
    parser p{host};
    try {
        p.app.parse(argc, argv);
    }
    catch (CLI::CallForHelp const&) {
        p.read.command = command::show_text;
        p.read.text = p.app.help();
        return p.read;
    }
    catch (CLI::ArgumentMismatch const& e) {
        throw usage_error{at_fault(e) + " takes one value, and may stand once."};
    }
    catch (CLI::ParseError const&) {
        throw usage_error{"an option has a value that it does not take."};
    }

    for (std::size_t i = 0; i < p.own.size(); ++i) {
        if (p.own[i]->parsed()) {
            p.read.command = command::own;
            p.read.own = &host.own_commands[i];
            p.read.own_words = p.own[i]->remaining();
            return p.read;
        }
    }
    auto const extras = p.app.remaining(true);
    if (!extras.empty()) {
        throw usage_error{unexpected_argument(extras.front(), p.words)};
    }
    if (p.version) {
        p.read.command = command::show_text;
        p.read.text = host.program + ' ' + host.version + '\n';
        return p.read;
    }
    p.read.command = chosen(p);
    judge(p);
    return p.read;
}

} // namespace schemagate
