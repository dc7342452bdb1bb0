// A refusal names what is really wrong with the text, not what resembles it.
#include "catch.hpp"
#include "diagnosis.hpp"

namespace {

struct reason
{
    std::string text;
    std::string finding;
    std::string words; ///< of its message or its fix
};

std::vector<reason> reasons()
{
    auto const url = std::string{"postgresql://app:S3cretQ9z@db:5432/shop"};
    return {
        {"postgresql://service=prod", "refuse query-without-question-mark", "postgresql:///?service=NAME"},
        {"postgresql://host=db;user=app", "refuse ado-style", "as .NET does"},
        {"postgresql:///app:S3cretQ9z@db/shop", "refuse scheme-slash-extra", "three slashes"},
        {"postgresql://app:S3cretQ9z@http://db:5432/shop", "refuse url-in-host", "the host's name alone"},
        {"postgresql://app:S3cretQ9z@https://db/shop", "refuse url-in-host", "has a URL"},
        {"postgresql://app:$(cat /run/secrets/pw)@db/shop", "refuse variable-not-replaced", "a command"},
        {"postgresql://app:`cat /run/secrets/pw`@db/shop", "refuse variable-not-replaced", "a command"},
        {"postgresql://app:S3cretQ9z@db/shop\npostgresql://app:S3cretQ9z@db/old", "refuse several-urls",
         "Keep one"},
        {"postgresql://app:S3cretQ9z@db:5432:5432/shop", "refuse port-invalid", "twice"},
        {"postgresql://app:S3cretQ9z@5432/shop", "refuse number-as-host", "the host is missing"},
        {"postgresql://app:S3cretQ9z@%2Fcloudsql%2Fp:r:i/shop", "refuse port-invalid", "%3A"},
        {"postgresql://app:%DB_PASSWORD%@db/shop", "refuse variable-not-replaced", "as its password"},
        {"postgresql://app:%(DB_PASS)s@db/shop", "refuse variable-not-replaced", "as its password"},
        {"postgresql://app:S3%z@db/shop", "refuse percent-unescaped", "%25"},
        {url + "?sslmode=require?connect_timeout=1", "refuse query-malformed", "second ?"},
        {url + "?sslmode=require;connect_timeout=1", "refuse query-malformed", "a ; "},
        {url + "?sslmode=require && echo", "refuse query-malformed", "command"},
        {url + "?sslmode=require\\&x=5", "refuse escape-written-out", "backslash"},
        {"postgresql://app:S3cretQ9z@db:5432/shop\\?sslmode\\=require", "refuse escape-written-out",
         "backslash"},
    };
}

} // namespace

TEST_CASE("the reason of a refusal is the true one", "[true_reason]")
{
    for (auto const& one : reasons()) {
        INFO(one.text);
        auto const diagnosis = diagnose(one.text);
        INFO(shown_text(diagnosis));
        CHECK(has(", " + codes(diagnosis) + ",", ", " + one.finding + ","));
        auto const found = find(diagnosis, one.finding.substr(one.finding.find(' ') + 1));
        REQUIRE(found);
        CHECK(has(found->message + found->fix, one.words));
        CHECK_FALSE(has(shown_text(diagnosis), "S3cretQ9z"));
        CHECK_FALSE(has(codes(diagnosis), "password-has-slash"));
    }
    // What was true before still is.
    CHECK(codes(diagnose("postgresql://app:S3/x@db/shop")) == "refuse password-has-slash");
    CHECK(has(codes(diagnose("postgresql://u:p@2001:db8::17:5432/shop")), "refuse ipv6-brackets"));
}
