// libpq is the judge of what a text says: the scanner's parts, the settings and the URL for SOCI.
#include "catch.hpp"
#include "connection_texts.hpp"
#include "diagnosis.hpp"
#include "layout_reading.hpp"
#include "libpq_oracle.hpp"

namespace {

libpq_oracle::values values_of(std::vector<schemagate::connection_parameter> const& parameters)
{
    auto result = libpq_oracle::values{};
    for (auto const& [keyword, value] : parameters)
        result[keyword] = value.reveal();
    return result;
}

// No finding refuses: only the reading is of interest.
schemagate::url_diagnosis accepted(std::string const& text)
{
    auto policy = schemagate::url_policy{};
    for (auto const& finding : diagnose(text).findings)
        policy.accept.insert(finding.code);
    return diagnose(text, fake_place{}, policy);
}

void agrees(std::string const& text)
{
    INFO(text);
    auto const theirs = libpq_oracle::parsed(text);
    auto const is_uri = text.starts_with("postgresql://") || text.starts_with("postgres://");
    auto const layout = schemagate::url::scan_uri(text);
    REQUIRE(layout.has_value() == is_uri);
    if (layout)
        CHECK(reading_of(*layout) == theirs);

    auto const diagnosis = accepted(text);
    auto const blank = text.find_first_not_of(" \t\n\v\f\r") == text.npos;
    REQUIRE(diagnosis.effective.has_value() == (theirs && !blank));
    if (!diagnosis.effective) {
        CHECK(diagnosis.verdict == schemagate::verdict::error);
        return;
    }
    CHECK(values_of(diagnosis.effective->parameters) == theirs);
    auto again = libpq_oracle::parsed(diagnosis.effective->soci_url().reveal());
    if (theirs->empty() && again)
        again->erase("user"); // SOCI needs one parameter
    CHECK(again == theirs);
}

} // namespace

TEST_CASE("libpq and the scanner agree on every text that people write", "[libpq]")
{
    for (auto const& text : written_texts())
        agrees(text);
}

TEST_CASE("libpq and the scanner agree on generated URIs", "[libpq]")
{
    auto grammar = text_grammar{20240607};
    auto taken = 0;
    for (auto round = 0; round < 20000; ++round) {
        auto const text = grammar.uri();
        agrees(text);
        taken += libpq_oracle::parsed(text) ? 1 : 0;
    }
    CHECK(taken > 4000); // of both kinds enough
    CHECK(taken < 16000);
}

TEST_CASE("libpq's reading of keyword/value strings is handed on untouched", "[libpq]")
{
    auto grammar = text_grammar{7};
    auto taken = 0;
    for (auto round = 0; round < 10000; ++round) {
        auto const text = grammar.keyword_value();
        agrees(text);
        taken += libpq_oracle::parsed(text) ? 1 : 0;
    }
    CHECK(taken > 1000);
    CHECK(taken < 9000);
}
