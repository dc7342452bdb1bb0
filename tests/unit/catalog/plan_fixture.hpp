// Catalogs and histories made of version numbers, for tests of the planner.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/plan.hpp"

namespace schemagate::test {

inline constexpr std::string_view out_of_order_allowed = "-- schemagate: allow-out-of-order\n";

/// A repeatable script: its name, and a text.
struct view
{
    std::string name;
    std::string text;
};

/// A catalog of scripts "0001_m.sql" … whose text is their version, and of repeatable ones.
inline catalog shipping(std::vector<std::string> const& versions, std::string const& head = {},
                        std::vector<view> const& views = {})
{
    auto storage = std::make_shared<std::deque<std::string>>();
    std::vector<script> scripts;
    for (auto const& each : versions) {
        auto const& file = storage->emplace_back(each + "_m.sql");
        auto const& text = storage->emplace_back(head + each);
        scripts.push_back({.file = file, .text = text, .checksum = {}, .check = {}});
    }
    for (auto const& each : views) {
        auto const& file = storage->emplace_back("R_" + each.name + ".sql");
        scripts.push_back(
            {.file = file, .text = storage->emplace_back(each.text), .checksum = {}, .check = {}});
    }
    return catalog{"test", scripts, storage};
}

inline history_row row(std::string version, std::string kind = "versioned")
{
    static std::int64_t id = 0;
    history_row r;
    r.id = ++id;
    r.kind = std::move(kind);
    r.checksum = sha256_hex(version);
    r.version = std::move(version);
    r.description = "m";
    r.state = "applied";
    r.verified = true;
    return r;
}

inline history recording(std::vector<std::string> const& versions)
{
    history rows;
    for (auto const& each : versions) {
        rows.push_back(row(each));
    }
    return rows;
}

/// The row of a repeatable script with this text.
inline history_row row_of(view const& which)
{
    auto r = row(which.name, "repeatable");
    r.checksum = sha256_hex(which.text);
    return r;
}

/// That row as its script leaves it in the middle.
inline history_row begun(history_row r, int statements = 0)
{
    r.state = "running";
    r.verified = false;
    r.statement_reached = statements;
    r.steps_digest = "d" + std::to_string(statements);
    return r;
}

inline std::vector<std::string> names(plan const& p)
{
    std::vector<std::string> found;
    for (auto const* each : p.pending) {
        found.push_back(each->recorded_version());
    }
    return found;
}

using list = std::vector<std::string>;

inline failure refusal(catalog const& shipped, history const& recorded, plan_policy policy = {})
{
    try {
        static_cast<void>(make_plan(shipped, recorded, policy));
    }
    catch (failure const& f) {
        CHECK(f.exit_code() == 76);
        CHECK_FALSE(f.fix().empty());
        return f;
    }
    FAIL("planned");
    throw 0;
}

inline constexpr auto late_apply = plan_policy{.out_of_order = out_of_order_policy::apply};
inline constexpr auto late_warn = plan_policy{.out_of_order = out_of_order_policy::warn};
inline constexpr auto newer_refuse = plan_policy{.newer = newer_policy::refuse};
inline constexpr auto newer_allow = plan_policy{.newer = newer_policy::allow};

} // namespace schemagate::test
