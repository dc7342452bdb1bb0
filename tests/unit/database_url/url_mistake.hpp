// What people write into DATABASE_URL by mistake, each with the diagnostic or hint that it must give. Every
// code stands in app/deploy/DATABASE_URL.md, which code_list_test.cpp checks.
#pragma once

#include <string>
#include <vector>

#include "catch.hpp"
#include "diagnosis.hpp"

/// A mistake that is seen in the text and the place, before anything is connected to.
struct mistake
{
    std::string text;
    fake_place where;
    std::string finding; ///< "refuse code", as codes() writes it; "" where there is no diagnostic at all
    std::string message; ///< a phrase of it: what we read, and why it cannot work
    std::string fix;     ///< a phrase of it: the line to put instead
};

/// A mistake that only the server's or the network's answer shows.
struct failed_attempt
{
    std::string url;
    fake_place where;
    std::string sqlstate;
    std::string text; ///< as libpq 15 words it
    std::string hint; ///< a phrase of it
};

/// The password of every entry: it stands in no message.
inline auto const entry_password = std::string{"Zq7wKx2y"};

inline void check_rows(std::vector<mistake> const& rows)
{
    for (auto const& one : rows) {
        INFO(one.text);
        auto const diagnosis = diagnose(one.text, one.where);
        auto const shown = shown_text(diagnosis);
        INFO(shown);
        CHECK_FALSE(has(shown, entry_password));
        if (one.finding.empty()) {
            CHECK(diagnosis.effective);
            CHECK(codes(diagnosis).empty());
            continue;
        }
        CHECK(has(", " + codes(diagnosis) + ",", ", " + one.finding + ","));
        // An entry that warns or notes stands for a boot that goes on.
        CHECK((diagnosis.verdict == schemagate::verdict::error) == one.finding.starts_with("refuse "));
        auto const found = find(diagnosis, one.finding.substr(one.finding.find(' ') + 1));
        REQUIRE(found);
        CHECK(has(found->message, one.message));
        CHECK(has(found->fix, one.fix));
        CHECK_FALSE(one.message.empty());
        CHECK_FALSE(one.fix.empty());
    }
}

inline fake_place docker()
{
    auto place = fake_place{};
    place.with("/.dockerenv", schemagate::file_kind::regular);
    return place;
}
