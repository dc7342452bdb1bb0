#include "schemagate/failure.hpp"

#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::file_kind;
using schemagate::read_database_url;

namespace {

std::string refusal(fake_place const& where)
{
    try {
        (void)read_database_url(where);
    }
    catch (schemagate::failure const& f) {
        CHECK(f.code() == schemagate::errc::url_refused);
        CHECK_FALSE(f.fix().empty());
        CHECK_FALSE(has(f.what(), "S3cret"));
        return std::string{f.code_name()};
    }
    return "accepted";
}

fake_place with_file(std::string const& content)
{
    auto place = fake_place{{"DATABASE_URL_FILE", "/run/secrets/url"}};
    place.contents["/run/secrets/url"] = content;
    return place;
}

} // namespace

TEST_CASE("the variable comes first, then the file, then the credential", "[url_source]")
{
    auto place = fake_place{{"CREDENTIALS_DIRECTORY", "/run/credentials/app"}};
    CHECK_FALSE(read_database_url(place));
    place.contents["/run/credentials/app/database_url"] = "credential";
    place.contents["/f"] = "file";
    CHECK(read_database_url(place)->text.reveal() == "credential");
    CHECK(read_database_url(place)->source == "the credential database_url");
    CHECK_FALSE(read_database_url(place, "MIGRATION_DATABASE_URL"));
    place.variables["DATABASE_URL_FILE"] = "/f";
    CHECK(read_database_url(place)->text.reveal() == "file");
    CHECK(read_database_url(place)->source == "DATABASE_URL_FILE=/f");
    place.variables.erase("DATABASE_URL_FILE");
    place.variables["DATABASE_URL"] = "variable";
    CHECK(read_database_url(place)->text.reveal() == "variable");
    CHECK(read_database_url(place)->source == "DATABASE_URL");
    place.variables["MIGRATION_DATABASE_URL_FILE"] = "/f";
    CHECK(read_database_url(place, "MIGRATION_DATABASE_URL")->text.reveal() == "file");
}

TEST_CASE("variable and file both set are refused, but an empty one counts as not set", "[url_source]")
{
    auto place = with_file("S3cret");
    place.variables["DATABASE_URL"] = "x";
    CHECK(refusal(place) == "url-set-twice");
    place.variables["DATABASE_URL"] = "";
    CHECK(read_database_url(place)->text.reveal() == "S3cret");
    CHECK(read_database_url(fake_place{{"DATABASE_URL", "x"}, {"DATABASE_URL_FILE", ""}})->text.reveal() ==
          "x");
    auto const empty = read_database_url(fake_place{{"DATABASE_URL", ""}});
    REQUIRE(empty);
    CHECK(codes(check(*empty, fake_place{}, {})) == "refuse url-empty");
}

TEST_CASE("one newline at a file's end is left out, with a note", "[url_source]")
{
    auto const read = [](std::string const& content) { return *read_database_url(with_file(content)); };
    CHECK(read("url").findings.empty());
    for (auto const* content : {"url\n", "url\r\n"}) {
        CHECK(read(content).text.reveal() == "url");
        CHECK(read(content).findings.front().code == "newline-trimmed");
    }
    CHECK(read("").text.empty());
    CHECK(read(std::string(65536, 'x')).text.reveal().size() == 65536);
}

TEST_CASE("a file that cannot hold a connection string is refused without its content", "[url_source]")
{
    CHECK(refusal(with_file("S3cret\nS3cret\n")) == "file-has-lines");
    CHECK(refusal(with_file("S3cret\n\n")) == "file-has-lines");
    CHECK(refusal(with_file(std::string{"S3cret\0", 7})) == "file-has-nul");
    CHECK(refusal(with_file("S3cret" + std::string(65531, 'x'))) == "file-too-large");
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "/absent"}}) == "file-unreadable");
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "postgresql://u:S3cret@h/db"}}) == "file-is-url");
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "host=h password=S3cret"}}) == "file-is-url");
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "app:S3cret@h/db"}}) == "file-is-url");
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "file:///run/secrets/url"}}) == "file-is-url");
    auto forbidden = fake_place{{"DATABASE_URL_FILE", "/f"}};
    forbidden.with("/f", file_kind::not_permitted);
    CHECK(refusal(forbidden) == "file-unreadable");
}

TEST_CASE("a file that everybody may read is warned about, except where the platform guards it",
          "[url_source]")
{
    auto const warned = [](std::string const& path) {
        auto place =
            fake_place{{"DATABASE_URL_FILE", path}, {"CREDENTIALS_DIRECTORY", "/run/credentials/app"}};
        place.contents[path] = "url";
        place.access[path] = {0644, false};
        auto const findings = read_database_url(place)->findings;
        return !findings.empty() && findings.front().code == "file-world-readable";
    };
    CHECK(warned("/tmp/url"));
    CHECK_FALSE(warned("/run/secrets/url"));
    CHECK_FALSE(warned("/run/credentials/app/other"));
}

TEST_CASE("a path is a path, whatever letters it holds", "[url_source]")
{
    for (auto const* path : {"/run/credentials/app@1.service/url", "/srv/a=b/url", "url@prod", "a b/url"}) {
        auto place = fake_place{{"DATABASE_URL_FILE", path}};
        place.contents[path] = "url";
        CHECK(read_database_url(place)->text.reveal() == "url");
    }
    CHECK(refusal(fake_place{{"DATABASE_URL_FILE", "/srv/app@1/absent"}}) == "file-unreadable");
}

TEST_CASE("a file that is no file is refused by what it is", "[url_source]")
{
    auto const said = [](file_kind kind) {
        auto place = fake_place{{"DATABASE_URL_FILE", "/f"}};
        place.with("/f", kind);
        try {
            (void)read_database_url(place);
        }
        catch (schemagate::failure const& f) {
            CHECK(f.code_name() == "file-unreadable");
            return f.message();
        }
        return std::string{};
    };
    CHECK(has(said(file_kind::folder), "is a folder"));
    CHECK(has(said(file_kind::other), "a pipe or a device"));
    CHECK(has(said(file_kind::socket), "is a socket"));
    CHECK(has(said(file_kind::not_permitted), "may not"));
    CHECK(has(said(file_kind::regular), "cannot be read"));
}

TEST_CASE("an empty MIGRATION_DATABASE_URL counts as not set", "[url_source]")
{
    auto const place = fake_place{{"MIGRATION_DATABASE_URL", ""}};
    CHECK_FALSE(read_database_url(place, "MIGRATION_DATABASE_URL"));
}
