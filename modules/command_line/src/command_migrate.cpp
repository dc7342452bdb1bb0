#include <boost/json.hpp>

#include "commands.hpp"
#include "console.hpp"
#include "schemagate/failure.hpp"
#include "stop_on_signal.hpp"

namespace schemagate {
namespace {

void print_json(boot_report const& done)
{
    boost::json::array applied;
    for (auto const& name : done.applied()) {
        applied.emplace_back(printable(name));
    }
    print(boost::json::object{{"applied", std::move(applied)},
                              {"schema_version", printable(done.schema_version)},
                              {"admission", name(done.admission().kind())},
                              {"mode", name(done.mode)},
                              {"database_newer", done.database_newer},
                              {"lock_wait_ms", done.lock_wait.count()},
                              {"elapsed_ms", done.elapsed.count()},
                              {"catalog", "sha256:" + done.catalog_digest}});
}

void print_text(boot_report const& done)
{
    std::string text;
    for (auto const& name : done.applied()) {
        text += "applied " + printable(name) + '\n';
    }
    if (done.applied().empty()) {
        text += done.database_newer ? "nothing applied: the database is ahead of these migrations"
                                    : "nothing to apply";
    }
    else {
        text += "done";
    }
    text += done.schema_version.empty() ? "; the schema has no version\n"
                                        : "; the schema is at " + printable(done.schema_version) + '\n';
    print(text);
}

// With --to the catalog is cut short on purpose, so "deploy a newer binary" would be the wrong advice.
failure beyond_the_wanted_version(failure const& f, std::string const& wanted)
{
    return {f.code(), f.message(),
            "The database is already beyond --to " + wanted +
                ", and a migration is never taken back. Leave --to out, or name a later version."};
}

boot_report migrated(command_input const& in)
{
    auto with = in.with;
    with.mode = mode::apply; // a job shares its environment with replicas that wait for it
    with.job = true;
    stop_on_signal const stop;
    try {
        return run(with, in.shipped, in.host.listener, stop.token());
    }
    catch (failure const& f) {
        if (in.asked.to && f.code() == errc::newer_database) {
            throw beyond_the_wanted_version(f, *in.asked.to);
        }
        throw;
    }
}

} // namespace

int command_migrate(command_input const& in)
{
    auto const done = migrated(in);
    if (in.asked.json) {
        print_json(done);
    }
    else {
        print_text(done);
    }
    announce(done);
    return 0;
}

} // namespace schemagate
