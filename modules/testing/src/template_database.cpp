#include "schemagate/testing/template_database.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "failed_test.hpp"
#include "leftovers.hpp"
#include "schemagate/migrator.hpp"
#include "server_text.hpp"
#include "template_state.hpp"

namespace schemagate::testing {
namespace {

using namespace std::chrono_literals;

// The templates that are alive, the newest last.
struct living_templates
{
    std::mutex mutex;
    std::vector<template_database*> all;
};
living_templates& living()
{
    static living_templates here;
    return here;
}

constexpr auto build_wait = 10min; // while another process builds the same template

} // namespace

template_database::template_database(server& on, catalog const& shipped, template_options options)
    : state_{std::make_unique<state>(on, shipped, std::move(options))}
{
    watch_tests();
    std::lock_guard const lock{living().mutex};
    living().all.push_back(this);
}

template_database::~template_database()
{
    std::lock_guard const lock{living().mutex};
    living().all.erase(std::find(living().all.begin(), living().all.end(), this));
}

std::string const& template_database::name()
{
    return state_->name();
}

bool template_database::isolates()
{
    return state_->isolates();
}

template_database& template_database::state::newest()
{
    std::lock_guard const lock{living().mutex};
    if (living().all.empty()) {
        throw std::logic_error(
            "there is no schemagate::testing::template_database: make one in main(), before "
            "Catch::Session().run()");
    }
    return *living().all.back();
}

template_database::state::state(server& on, catalog shipped, template_options options)
    : on_{&on}, shipped_{std::move(shipped)}, options_{std::move(options)}
{}

template_database::state::~state()
{
    if (!built_ || isolates_ || test_has_failed()) {
        return;
    }
    try {
        server_state().ask("cannot drop the schema of the tests", [&](admin_session& admin) {
            // A kept one bears another comment than the one that it was made with.
            if (!admin
                     .value("select pg_catalog.obj_description(pg_catalog.to_regnamespace(" +
                            admin.literal(admin.identifier(name_)) + "), 'pg_namespace')")
                     .starts_with("kept ")) {
                admin("drop schema if exists " + admin.identifier(name_) +
                      " cascade; drop schema if exists " + admin.identifier(name_ + "_history") + " cascade");
            }
        });
    }
    catch (std::exception const&) {
        // The next run drops it.
    }
}

server::state& template_database::state::server_state() const noexcept
{
    return *on_->state_;
}

std::string const& template_database::state::name()
{
    build_once();
    return name_;
}

bool template_database::state::isolates()
{
    build_once();
    return isolates_;
}

// The same failure for every test: a broken script is not run once per test.
void template_database::state::build_once()
{
    std::lock_guard const lock{mutex_};
    if (broken_) {
        std::rethrow_exception(broken_);
    }
    if (built_) {
        return;
    }
    try {
        isolates_ = server_state().ask("cannot ask what the role may do", [](admin_session& admin) {
            return admin.value("select rolcreatedb or rolsuper from pg_catalog.pg_roles"
                               " where rolname = current_user") == "t";
        });
        isolates_ ? build_database() : build_schema();
        built_ = true;
    }
    catch (...) {
        broken_ = std::current_exception();
        throw;
    }
}

std::string template_database::state::key(std::string const& role) const
{
    std::string twins;
    for (auto const* const each : shipped_.scripts()) {
        twins += each->check;
    }
    auto const& with = options_.settings;
    std::string text;
    for (auto const& part :
         {std::string{SCHEMAGATE_VERSION}, shipped_.name(), shipped_.digest(), sha256_hex(twins), role,
          with.history_schema, with.target_schema, with.run_as, options_.before, options_.after}) {
        text += sha256_hex(part);
    }
    return sha256_hex(text).substr(0, 16);
}

// Runs SQL and scripts on an empty database or schema.
void template_database::state::fill(database_url_text url, settings with) const
{
    auto const run_sql = [&](std::string const& sql, char const* which) {
        if (!sql.empty()) {
            admin_session session{url};
            try {
                session(sql);
            }
            catch (postgres::sql_error const& e) {
                throw refused(std::string{"template_options::"} + which + " failed", e);
            }
        }
    };
    run_sql(options_.before, "before");
    with.database_url = url;
    with.migration_database_url.reset();
    with.mode = mode::apply;
    static_cast<void>(run(with, shipped_));
    run_sql(options_.after, "after");
}

void template_database::state::build_database()
{
    auto const role = server_state().ask(
        "cannot ask for the role", [](admin_session& admin) { return admin.value("select current_user"); });
    name_ = "schemagate_template_" + key(role);
    // A session of its own: the lock is held while the scripts run, and others may ask the server meanwhile.
    admin_session builder{server_state().url(""), 10s};
    auto const name = builder.identifier(name_);
    auto const literal = builder.literal(name_);
    auto const is_complete = "select datistemplate from pg_catalog.pg_database where datname = " + literal;
    auto const lock =
        "select pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended(" + literal + ", 0))";
    try {
        auto const deadline = std::chrono::steady_clock::now() + build_wait;
        while (builder.value(is_complete) != "t") {
            if (builder.value(lock) != "t") {
                if (std::chrono::steady_clock::now() > deadline) {
                    throw failure{errc::lock_wait_over, "another process has been building the template " +
                                                            name_ + " for ten minutes."};
                }
                std::this_thread::sleep_for(50ms);
                continue;
            }
            if (builder.value(is_complete) == "t") { // finished between the two questions
                break;
            }
            builder("drop database if exists " + name + " with (force)"); // half of it: a crash's
            builder("create database " + name);
            try {
                fill(server_state().url(name_), options_.settings);
            }
            catch (...) {
                builder("drop database if exists " + name + " with (force)");
                throw;
            }
            builder("comment on database " + name + " is " + made_comment(builder, shipped_.name()));
            // Last: from here on it is complete. Nobody may connect, so nobody is in the way of a copy.
            builder("alter database " + name + " with is_template true allow_connections false");
        }
    }
    catch (postgres::sql_error const& e) {
        throw refused("cannot make the template " + name_, e);
    }
}

void template_database::state::build_schema()
{
    name_ = "schemagate_test_" + server_state().run_id();
    auto const role = server_state().ask("cannot make a schema for the tests", [&](admin_session& admin) {
        for (auto const& schema : {name_, name_ + "_history"}) {
            admin("begin; create schema " + admin.identifier(schema));
            mark_ours(admin, "schema", schema);
            admin("commit");
        }
        return admin.value("select current_user");
    });
    say("the role " + role + " may not create databases, so all tests of this process share the schema " +
        name_ + "; ALTER ROLE " + role + " CREATEDB gives each test a database of its own");
    auto with = options_.settings;
    with.target_schema = name_;
    with.history_schema = name_ + "_history";
    fill(schema_url(), with);
}

database_url_text template_database::state::schema_url()
{
    return server_state().url("", name_);
}

std::string template_database::state::clone()
{
    auto copy = server_state().new_database_name();
    server_state().ask("cannot copy the template " + name_, [&](admin_session& admin) {
        admin("create database " + admin.identifier(copy) + " template " + admin.identifier(name_));
        mark_ours(admin, "database", copy);
    });
    return copy;
}

} // namespace schemagate::testing
