// What the library-level tests have in common: a database of their own, and a boot called as a function.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "catch.hpp"
#include "event_recorder.hpp"
#include "memory_catalog.hpp"
#include "private_server.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/migrator.hpp"

namespace engine {

/// What a boot ended with: a report, or a failure.
struct ended
{
    std::optional<schemagate::boot_report> report;
    std::optional<schemagate::failure> failure;

    [[nodiscard]] std::string code() const { return failure ? std::string{failure->code_name()} : "done"; }
    [[nodiscard]] std::size_t applied() const { return report ? report->applied().size() : 0; }
};

[[nodiscard]] inline ended boot(schemagate::settings const& with, schemagate::catalog const& shipped,
                                std::shared_ptr<schemagate::observer> listener = {},
                                std::stop_token stop = {})
{
    try {
        return {schemagate::run(with, shipped, std::move(listener), std::move(stop)), {}};
    }
    catch (schemagate::failure const& f) {
        UNSCOPED_INFO(f.what());
        return {{}, f};
    }
}

/// A fresh database of the shared server.
struct fixture
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    schemagate::settings with = support::settings_for(database->url());
    std::shared_ptr<support::event_recorder> events = std::make_shared<support::event_recorder>();

    [[nodiscard]] ended boot(schemagate::catalog const& shipped) const
    {
        return engine::boot(with, shipped, events);
    }
    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    [[nodiscard]] bool exists(std::string const& relation) const
    {
        return value("select to_regclass('" + relation + "') is not null") == "t";
    }
};

} // namespace engine
