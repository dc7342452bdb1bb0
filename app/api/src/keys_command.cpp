#include "api/keys_command.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "api/admin_api.hpp"
#include "audit/audit_store.hpp"
#include "database/database.hpp"
#include "database/database_error.hpp"
#include "identity/api_key.hpp"
#include "identity/key_store.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/migrator.hpp"

namespace app {
namespace {

constexpr char const* usage =
    "Usage: prompt-service keys create --scope read|write|admin --name NAME [--expires TIME]";

key_body body_of(std::vector<std::string> const& words)
{
    if (words.empty() || words[0] != "create") {
        throw std::invalid_argument{
            "keys needs a subcommand: keys create --scope read|write|admin --name NAME."};
    }
    key_body body;
    for (std::size_t i = 1; i < words.size(); ++i) {
        auto const equals = words[i].find('=');
        auto const option = words[i].substr(0, equals);
        std::string* into = option == "--scope" ? &body.scope : option == "--name" ? &body.name : nullptr;
        if (option == "--expires") {
            into = &body.expires_at.emplace();
        }
        bool const apart = equals == std::string::npos; // "--name NAME", not "--name=NAME"
        if (into == nullptr || (apart && i + 1 == words.size())) {
            throw std::invalid_argument{"keys create takes --scope read|write|admin, --name NAME and "
                                        "--expires TIME, each with a value."};
        }
        *into = apart ? words[++i] : words[i].substr(equals + 1);
    }
    return body;
}

new_key wanted_of(std::vector<std::string> const& words)
{
    try {
        return new_key_of(body_of(words));
    }
    catch (decode_error const& e) {
        auto const option = e.path() == "/expires_at" ? std::string{"expires"} : e.path().substr(1);
        throw std::invalid_argument{"--" + option + ' ' + e.what() + '.'};
    }
}

// The history decides, not the service's tables: an older or newer schema may have a table of this name.
void require_current(schemagate::settings const& with, schemagate::catalog const& shipped)
{
    auto const found = schemagate::look(with, shipped);
    if (!found.planned.pending.empty() || !found.has_history) {
        throw schemagate::failure{
            schemagate::errc::not_current, "The database does not have the schema of this program yet.",
            "Start the service once, or run prompt-service migrate, then make the key."};
    }
}

schemagate::failure failure_of(database_error const& e)
{
    switch (e.reason()) {
    case database_error::kind::read_only:
        return {schemagate::errc::standby_waiting, "The server is a standby: it takes no key.",
                "Set DATABASE_URL to the primary."};
    case database_error::kind::lost:
        return {schemagate::errc::unreachable,
                std::string{"The database cannot be reached: "} + e.what() + '.',
                "Look whether the server runs; prompt-service url check says what DATABASE_URL means."};
    default:
        return {schemagate::errc::internal, std::string{"The key could not be stored: "} + e.what() + '.',
                "Report it; the key was not made."};
    }
}

int run(schemagate::catalog const& shipped, schemagate::settings const& with,
        std::vector<std::string> const& words)
{
    if (!words.empty() && (words.back() == "--help" || words.back() == "-h")) {
        std::printf("%s\n\nPrints a new key of the service, once; the database keeps its hash only.\n",
                    usage);
        return EXIT_SUCCESS;
    }
    auto const wanted = wanted_of(words);
    require_current(with, shipped);
    auto const key = make_api_key();
    try {
        database_target target{with};
        database db{target, {.connections = 1}};
        key_store const keys{db.schema()};
        audit_store const audit{db.schema()};
        db.transaction([&](database_connection& c) {
            auto const made =
                keys.add(c, wanted.name, wanted.may, hash_of_key(key), "command line", wanted.expires_at);
            audit.add(c, {"key.create", "key", made.id, {{"name", made.name}, {"scope", made.may}}},
                      "command line", "");
        });
    }
    catch (database_error const& e) {
        throw failure_of(e);
    }
    std::printf("%s\n", key.c_str());
    return EXIT_SUCCESS;
}

} // namespace

schemagate::host_command keys_command(schemagate::catalog const& shipped)
{
    return {"keys", "keys create --scope S --name N: print a new API key",
            [&shipped](schemagate::settings const& with, std::vector<std::string> const& words,
                       schemagate::host_values const&) { return run(shipped, with, words); }};
}

} // namespace app
