#include "schemagate/testing/database.hpp"

#include <cstdlib>
#include <exception>
#include <string_view>
#include <utility>

#include "failed_test.hpp"
#include "leftovers.hpp"
#include "server_state.hpp"
#include "server_text.hpp"
#include "template_state.hpp"

namespace schemagate::testing {
namespace {

enum class keep_policy
{
    failed,
    never,
    always
};

// TEST_DATABASE_KEEP. Not SCHEMAGATE_…: boots would warn of a setting that they do not know.
keep_policy keep()
{
    char const* const given = std::getenv("TEST_DATABASE_KEEP");
    std::string_view const text{given == nullptr ? "" : given};
    static bool told = false;
    if (!text.empty() && text != "failed" && text != "never" && text != "always" &&
        !std::exchange(told, true)) {
        say("TEST_DATABASE_KEEP is none of failed, never and always; failed is taken");
    }
    return text == "never"    ? keep_policy::never
           : text == "always" ? keep_policy::always
                              : keep_policy::failed;
}

} // namespace

database::database() : database{template_database::state::newest()} {}

database::database(template_database& of) : server_{&of.state_->on()}, exceptions_{std::uncaught_exceptions()}
{
    if (of.isolates()) {
        name_ = of.state_->clone();
        url_ = server_->url(name_);
    }
    else {
        name_ = of.name();
        url_ = of.state_->schema_url().text.reveal();
        dropped_at_end_ = false; // the template's, shared with the other tests
    }
}

database::database(server& on)
    : server_{&on}, name_{on.state_->new_database_name()}, exceptions_{std::uncaught_exceptions()}
{
    on.state_->ask("cannot make a database for a test", [&](admin_session& admin) {
        admin("create database " + admin.identifier(name_));
        mark_ours(admin, "database", name_);
    });
    url_ = on.url(name_);
}

database::~database()
{
    try {
        bool const failed = test_has_failed() || std::uncaught_exceptions() > exceptions_;
        auto const policy = keep();
        if (policy == keep_policy::always || (failed && policy == keep_policy::failed)) {
            auto const test = test_name();
            server_->state_->ask("cannot mark a kept database", [&](admin_session& admin) {
                mark_kept(admin, dropped_at_end_ ? "database" : "schema", name_, test);
                if (!dropped_at_end_) {
                    mark_kept(admin, "schema", name_ + "_history", test);
                }
            });
            if (auto* const own = server_->own(); own != nullptr) {
                own->keep_folder();
            }
            say("the database of the test \"" + test + "\" is kept for a week: psql '" +
                (dropped_at_end_ ? server_->state_->shown_url(name_)
                                 : server_->state_->shown_url("", name_)) +
                "'");
            return;
        }
        if (dropped_at_end_) {
            server_->state_->ask("cannot drop a test's database", [&](admin_session& admin) {
                return admin("drop database if exists " + admin.identifier(name_) + " with (force)");
            });
        }
    }
    catch (std::exception const&) {
        // The server may be down on purpose. The next run drops what is left.
    }
}

} // namespace schemagate::testing
