// Texts that cannot work, or hardly as they were meant, and that were passed over or called by no name.
#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::file_kind;

namespace {

struct named
{
    std::string text;
    std::string finding;
};

auto const url = std::string{"postgresql://app:S3cretQ9z@db:5432/shop"};

std::vector<named> mistakes()
{
    return {
        // a line of a file, and commands
        {"DATABASE_URL=" + url, "refuse name-inside-value"},
        {"export DATABASE_URL=" + url, "refuse name-inside-value"},
        {"export MY_URL='" + url + "'", "refuse name-inside-value"},
        {"url=" + url, "refuse name-inside-value"},
        {"DSN=" + url, "refuse name-inside-value"},
        {"DATABASE_URL: " + url, "refuse name-inside-value"},
        {"DATABASE_URL=\"host=db user=app password=S3cretQ9z\"", "refuse name-inside-value"},
        {"# the database\nDATABASE_URL=" + url, "refuse comment-at-start"},
        {"psql \"host=db user=app password=S3cretQ9z\"", "refuse name-inside-value"},
        {"PGPASSWORD=S3cretQ9z psql -h db -U app shop", "refuse name-inside-value"},
        {"r2dbc:postgresql://app:S3cretQ9z@db:5432/shop", "refuse scheme-jdbc"},
        {"jdbc:postgresql:shop", "refuse scheme-jdbc"},
        {"postgresql%3A%2F%2Fapp%3AS3cretQ9z%40db%3A5432%2Fshop", "refuse encoded-whole"},
        {"Data Source=db;Initial Catalog=shop;User Id=app;Password=S3cretQ9z", "refuse ado-style"},
        {"file:///run/secrets/url", "refuse secret-not-resolved"},
        // behind the database, before the password
        {url + " \\", "refuse escape-written-out"},
        {url + " sslmode=require", "refuse query-without-question-mark"},
        {url + ")", "warn separator-at-end"},
        {url + "|", "warn separator-at-end"},
        {"postgresql://app%3AS3cretQ9z@db:5432/shop", "warn user-odd"},
        {"postgresql://app;S3cretQ9z@db:5432/shop", "warn user-odd"},
        {"postgresql://app: S3cretQ9z@db:5432/shop", "warn blank-at-start"},
        {"postgresql://app:S3cretQ9z@10.240.0.3/32:5432/shop", "refuse address-with-mask"},
        // keyword form
        {"host=db port=5432 dbname=shop user=app password=S3cretQ9z%40x", "warn encoded-in-keyword-form"},
        {"host=db port=5432 dbname=shop user=app password=S3cretQ9z\\b", "warn backslash-dropped"},
        // poolers
        {"postgresql://postgres:S3cretQ9z@db.ref.supabase.co:6543/postgres?sslmode=require",
         "note pooler-likely"},
        {"postgresql://app:S3cretQ9z@x.db.ondigitalocean.com:25061/shop?sslmode=require",
         "note pooler-likely"},
        {"postgresql://app:S3cretQ9z@x.postgres.database.azure.com:6432/shop?sslmode=require",
         "note pooler-likely"},
        {"postgresql://app:S3cretQ9z@pgbouncer:6432/shop", "note pooler-likely"},
    };
}

} // namespace

TEST_CASE("each of these mistakes has a name", "[named_mistake]")
{
    for (auto const& one : mistakes()) {
        INFO(one.text);
        auto const diagnosis = diagnose(one.text);
        INFO(shown_text(diagnosis));
        CHECK(has(", " + codes(diagnosis) + ",", ", " + one.finding + ","));
        CHECK((diagnosis.verdict == schemagate::verdict::error) == one.finding.starts_with("refuse "));
        CHECK_FALSE(has(shown_text(diagnosis), "S3cretQ9z"));
    }
}

TEST_CASE("what only resembles them has none", "[named_mistake]")
{
    for (auto const& [text, code] : std::vector<std::pair<std::string, std::string>>{
             {url + "_(old)", "separator-at-end"},
             {"postgresql://u%40corp:x@db:5432/shop", "user-odd"},
             {"postgresql://app:x@10.240.0.3/32", "address-with-mask"},
             {"host=db dbname=shop user=app password='it\\'s'", "backslash-dropped"},
             {"host=db dbname=shop user=app password=100%", "encoded-in-keyword-form"},
             {"postgresql://app:x@db:6543/shop", "pooler-likely"}}) {
        INFO(text);
        CHECK_FALSE(has(codes(diagnose(text)), code));
    }
}

TEST_CASE("a root certificate that holds none, or that nothing expands, is named", "[named_mistake]")
{
    auto place = fake_place{};
    place.with("/dev/null", file_kind::other);
    place.contents["/run/secrets/empty.crt"] = "";
    place.contents["/run/secrets/der.crt"] = "0\x82\x03";
    place.contents["/run/secrets/ca.crt"] = "# ours\n-----BEGIN CERTIFICATE-----\nMII=\n";
    auto const of = [&](std::string const& parameters) {
        return codes(diagnose(url + "?sslmode=verify-full&" + parameters, place));
    };
    CHECK(of("sslrootcert=/dev/null") == "refuse root-certificate-not-a-file");
    CHECK(of("sslrootcert=/run/secrets/empty.crt") == "refuse root-certificate-empty");
    CHECK(of("sslrootcert=/run/secrets/der.crt") == "refuse root-certificate-empty");
    CHECK(of("sslrootcert=/run/secrets/ca.crt").empty());
    CHECK(has(of("sslrootcert=~/ca.crt"), "warn path-not-expanded"));
    CHECK(has(of("sslrootcert=$HOME/ca.crt"), "warn path-not-expanded"));
    CHECK(has(of("sslrootcert=-----BEGIN%20CERTIFICATE-----"), "warn path-not-expanded"));
}

TEST_CASE("a code to accept that is none is named, with the near one", "[named_mistake]")
{
    auto policy = schemagate::url_policy{};
    policy.accept = {"host-mising", "port-invalid", "file-world-readable"};
    auto const diagnosis = diagnose(url, fake_place{}, policy);
    CHECK(codes(diagnosis) == "warn accept-unknown");
    CHECK(has(find(diagnosis, "accept-unknown")->message, "host-mising"));
    CHECK(has(find(diagnosis, "accept-unknown")->fix, "host-missing"));
}
