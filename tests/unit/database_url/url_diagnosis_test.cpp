#include "schemagate/failure.hpp"

#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::connection_method;
using schemagate::file_kind;
using schemagate::severity;
using schemagate::transport;
using schemagate::verdict;

namespace {

auto const socket_url =
    std::string{"postgresql://vividly:S3cret@/vividly?host=/cloudsql/proj:europe-west1:main"};
auto const tcp_url = std::string{"postgresql://vividly:S3cret@10.240.0.3:5432/vividly"};

} // namespace

TEST_CASE("the Cloud SQL socket URL is refused in a job that has no /cloudsql, with both ways out",
          "[url_diagnosis]")
{
    auto const job = fake_place{{"CLOUD_RUN_JOB", "run-migration"}};
    auto const diagnosis = diagnose(socket_url, job);
    CHECK(diagnosis.verdict == verdict::error);
    REQUIRE(codes(diagnosis) == "refuse socket-not-mounted");
    auto const& finding = diagnosis.findings.front();
    CHECK(
        has(finding.message, "DATABASE_URL asks for the Cloud SQL socket /cloudsql/proj:europe-west1:main"));
    CHECK(has(finding.message, "the folder /cloudsql does not exist in this Cloud Run job"));
    CHECK(has(finding.fix,
              "gcloud run jobs update run-migration --set-cloudsql-instances=proj:europe-west1:main"));
    CHECK(has(finding.fix, "postgresql://vividly:***@PRIVATE_IP:5432/vividly"));
    CHECK(has(finding.fix, "gcloud sql instances describe main --project=proj"));
    CHECK_FALSE(has(shown_text(diagnosis), "S3cret"));
}

TEST_CASE("the fix names the command of the place: job, service, or a proxy elsewhere", "[url_diagnosis]")
{
    auto const fix_in = [](fake_place const& where) {
        return diagnose(socket_url, where).findings.front().fix;
    };
    CHECK(has(fix_in(fake_place{{"K_SERVICE", "api"}}),
              "gcloud run services update api --add-cloudsql-instances="));
    CHECK(has(fix_in(fake_place{{"CLOUD_RUN_JOB", "$(reboot)"}}), "gcloud run jobs update NAME "));
    CHECK(has(fix_in(fake_place{}), "cloud-sql-proxy --unix-socket=/cloudsql proj:europe-west1:main"));
    auto const scoped = "postgresql://u:p@/db?host=/cloudsql/example.com:proj:r:main";
    CHECK(has(diagnose(scoped).findings.front().fix, "describe main --project=example.com:proj "));
}

TEST_CASE("the same socket URL is accepted where the instance is attached", "[url_diagnosis]")
{
    auto job = fake_place{{"CLOUD_RUN_JOB", "run-migration"}};
    job.with("/cloudsql", file_kind::folder).with_socket("/cloudsql/proj:europe-west1:main");
    auto const diagnosis = diagnose(socket_url, job);
    CHECK(codes(diagnosis).empty());
    REQUIRE(diagnosis.effective);
    CHECK(diagnosis.effective->endpoints.front().transport == transport::socket);
    CHECK(diagnosis.effective->where() == "socket /cloudsql/proj:europe-west1:main/.s.PGSQL.5432");
}

TEST_CASE("the TCP URL of the incident is accepted everywhere", "[url_diagnosis]")
{
    for (auto const& where :
         {fake_place{}, fake_place{{"CLOUD_RUN_JOB", "x"}}, fake_place{{"K_SERVICE", "x"}}}) {
        auto const diagnosis = diagnose(tcp_url, where);
        CHECK(codes(diagnosis).empty());
        CHECK(diagnosis.verdict != verdict::error);
        REQUIRE(diagnosis.effective);
        CHECK(diagnosis.effective->where() == "10.240.0.3:5432");
        CHECK(diagnosis.effective->user == "vividly");
        CHECK(diagnosis.effective->dbname == "vividly");
        CHECK(diagnosis.effective->sslmode == "prefer");
        CHECK(diagnosis.effective->redacted == "postgresql://vividly:***@10.240.0.3:5432/vividly");
    }
}

TEST_CASE("the contract's two sentences are kept word by word", "[url_diagnosis]")
{
    for (auto const* text : {"postgresql://u:p@/db", "postgresql://u:p@:5432/db", "postgresql:///db",
                             "dbname=db", "postgresql://u:p@/db?host="}) {
        INFO(text);
        auto const finding = find(diagnose(text), "host-missing");
        REQUIRE(finding);
        CHECK(finding->severity == severity::refuse);
        CHECK(finding->message.starts_with("DATABASE_URL must have a host, or name a socket"));
    }
    for (auto const* text :
         {"postgresql://u:p@h:0/db", "postgresql://u:p@h:65536/db", "postgresql://u:p@h:abc/db",
          "postgresql://u:p@h:-1/db", "host=h port=none dbname=d"}) {
        INFO(text);
        auto const finding = find(diagnose(text), "port-invalid");
        REQUIRE(finding);
        CHECK(finding->severity == severity::refuse);
        CHECK(finding->message.starts_with("DATABASE_URL must have a port, or be a Unix socket"));
    }
    CHECK(has(find(diagnose("postgresql://u:p@h:65536/db"), "port-invalid")->message, "\"65536\""));
    // Here libpq reads a host "app" and a port, but it is a password whose "@host" was forgotten.
    CHECK_FALSE(has(shown_text(diagnose("postgresql://app:S3cret/db")), "S3cret"));
}

TEST_CASE("a port that is not named is libpq's 5432, and only a note", "[url_diagnosis]")
{
    for (auto const* text : {"postgresql://u:p@h/db", "postgresql://u:p@h:/db", "host=h user=u dbname=db"}) {
        auto const diagnosis = diagnose(text);
        CHECK(codes(diagnosis) == "note port-default");
        CHECK(diagnosis.verdict != verdict::error);
        CHECK(diagnosis.effective->where() == "h:5432");
    }
    CHECK(codes(diagnose("postgresql://u:p@h/db", fake_place{{"PGPORT", "6000"}})).empty());
}

TEST_CASE("SCHEMAGATE_CONNECTION refuses the other method", "[url_diagnosis]")
{
    auto place = fake_place{};
    place.with_socket("/run/pg");
    auto const socket = std::string{"postgresql://u:p@/db?host=/run/pg"};
    auto const with = [&](std::string const& text, connection_method method) {
        return codes(diagnose(text, place, {method, {}, {}}));
    };
    CHECK(with(socket, connection_method::tcp) == "refuse connection-not-tcp");
    CHECK(with(tcp_url, connection_method::socket) == "refuse connection-not-socket");
    CHECK(with(socket, connection_method::socket).empty());
    CHECK(with(tcp_url, connection_method::tcp).empty());
    CHECK(with("postgresql://u:p@/db?host=/run/pg,h&port=5432&target_session_attrs=primary",
               connection_method::tcp) == "warn connection-not-tcp");
    auto const fix = diagnose(socket, place, {connection_method::tcp, {}, {}}).findings.front().fix;
    CHECK(has(fix, "postgresql://u:***@PRIVATE_IP:5432/db"));
}

TEST_CASE("SCHEMAGATE_ACCEPT turns a refusal into a warning that says so", "[url_diagnosis]")
{
    auto policy = schemagate::url_policy{};
    policy.accept = {"socket-not-mounted"};
    auto const diagnosis = diagnose(socket_url, fake_place{}, policy);
    CHECK(codes(diagnosis) == "warn socket-not-mounted");
    CHECK(diagnosis.verdict == verdict::warning);
    CHECK(has(diagnosis.findings.front().message, "accepted by the operator"));
    CHECK(require_usable(diagnosis).where() == "socket /cloudsql/proj:europe-west1:main/.s.PGSQL.5432");

    policy.accept = {"password-has-at"};
    auto const ambiguous = diagnose("postgresql://u:p@x@h:1/db", fake_place{}, policy);
    REQUIRE(ambiguous.effective); // the operator knows better: libpq's own reading, then
    CHECK(ambiguous.effective->endpoints.front().host == "x@h");
    CHECK(has(ambiguous.effective->where(), "***"));
}

TEST_CASE("what libpq cannot read at all cannot be accepted", "[url_diagnosis]")
{
    auto policy = schemagate::url_policy{};
    policy.accept = {"parameter-unknown", "url-empty", "scheme-jdbc"};
    for (auto const* text : {"postgresql://u:p@h/db?schema=x", "", "jdbc:postgresql://h/db"}) {
        auto const diagnosis = diagnose(text, fake_place{}, policy);
        CHECK(diagnosis.verdict == verdict::error);
        CHECK_FALSE(diagnosis.effective);
    }
}

TEST_CASE("require_usable throws the first refusal with its code, message and fix", "[url_diagnosis]")
{
    CHECK(require_usable(diagnose(tcp_url)).where() == "10.240.0.3:5432");
    try {
        (void)require_usable(diagnose(socket_url));
        FAIL("did not throw");
    }
    catch (schemagate::failure const& f) {
        CHECK(f.code() == schemagate::errc::url_refused);
        CHECK(f.code_name() == "socket-not-mounted");
        CHECK(f.exit_code() == 78);
        CHECK(has(f.what(), "/cloudsql"));
        CHECK_FALSE(f.fix().empty());
    }
}

TEST_CASE("the worst finding stands first, and the findings of reading are kept", "[url_diagnosis]")
{
    auto url = schemagate::database_url_text{schemagate::secret{"postgresql://u:p#@h/db?sslmode=on"},
                                             "DATABASE_URL",
                                             {{"newline-trimmed", severity::note, "m", "f"}}};
    CHECK(codes(check(url, fake_place{}, {})) ==
          "refuse sslmode-invalid, warn delimiter-unescaped, note newline-trimmed, note port-default");
    auto const begin = [&](std::string const& source) {
        url.source = source;
        auto const message = check(url, fake_place{}, {}).findings.front().message;
        return message.substr(0, message.find(' '));
    };
    CHECK(begin("MIGRATION_DATABASE_URL") == "MIGRATION_DATABASE_URL");
    CHECK(begin("DATABASE_URL_FILE=/run/secrets/url") == "DATABASE_URL");
    CHECK(begin("the credential database_url") == "DATABASE_URL");
}

TEST_CASE("with several hosts a socket is refused only if no host is left", "[url_diagnosis]")
{
    auto const mixed =
        diagnose("postgresql://u:p@/db?host=/cloudsql/a:b:c,10.0.0.3&port=5432&target_session_attrs=primary");
    CHECK(codes(mixed) == "warn socket-not-mounted");
    CHECK(mixed.effective->where() == "socket /cloudsql/a:b:c/.s.PGSQL.5432, 10.0.0.3:5432");
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/cloudsql/a:b:c,/cloudsql/a:b:d")) ==
          "refuse socket-not-mounted, refuse socket-not-mounted, warn several-hosts");
    CHECK(diagnose("postgresql://u:p@h1:0,h2:5432/db").verdict == verdict::warning);
    // A port that is no number ends libpq's list where it stands.
    CHECK(diagnose("postgresql://u:p@h1:x,h2:5432/db").verdict == verdict::error);
    CHECK(diagnose("postgresql://u:p@h2:5432,h1:x/db").verdict == verdict::warning);
}

TEST_CASE("a socket that a sidecar may still create is not refused", "[url_diagnosis]")
{
    auto place = fake_place{};
    auto const text = std::string{"postgresql://u:p@/db?host=/cloudsql/a:b:c"};
    place.with("/cloudsql", file_kind::folder);
    CHECK(codes(diagnose(text, place)) == "warn socket-folder-absent");
    place.with("/cloudsql/a:b:c", file_kind::folder);
    CHECK(codes(diagnose(text, place)) == "note socket-not-there-yet");
    place.with("/run", file_kind::folder);
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/run/pg", place)) == "warn socket-folder-absent");
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/run/pg/", place)) == "warn socket-folder-absent");
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/run/pg/a", place)) == "warn socket-folder-absent");
    place.with("/run/pg", file_kind::not_permitted);
    CHECK(codes(diagnose("postgresql://u:p@/db?host=/run/pg", place)) == "warn socket-not-permitted");
}
