// app/deploy/rotate-database-url: what it adds, and that nobody sees it.
#include "catch.hpp"
#include "nasty_passwords.hpp"
#include "percent_encoded.hpp"
#include "rotation.hpp"

using support::holds;

namespace {

std::string const socket_url = "postgresql://vividly:Hunter2%2FXq@/vividly?host=/cloudsql/P:R:I";
std::string const tcp_url = "postgresql://vividly:Hunter2%2FXq@10.240.0.3:5432/vividly";
std::vector<std::string> const to_tcp{"--host", "10.240.0.3", "--port", "5432"};

void check_hidden(rotation const& one)
{
    CHECK_THAT(one.seen(), !holds("Hunter2"));
}

} // namespace

TEST_CASE("the incident's secret gets a version with the private address, and the old one stays", "[rotate]")
{
    rotation one{socket_url};
    auto const done = one.run(to_tcp);
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK(done.out == "8\n");
    CHECK(one.version(8) == tcp_url);
    CHECK(one.version(7) == socket_url);
    CHECK_THAT(done.err, holds("host /cloudsql/P:R:I -> 10.240.0.3, port (none) -> 5432") &&
                             holds("the way back: version 7") && holds("--update-secrets=VARIABLE=db:7") &&
                             holds("gcloud secrets versions disable 8 --secret=db\n"));
    check_hidden(one);
}

TEST_CASE("a socket that only the service has is no ground for refusal here", "[rotate]")
{
    rotation one{tcp_url};
    CHECK(one.run({"--host=/cloudsql/P:R:I"}).code == 0);
    CHECK(one.version(8) == socket_url);
}

TEST_CASE("--dry-run shows before and after without secrets, and adds nothing", "[rotate]")
{
    rotation one{socket_url};
    auto options = to_tcp;
    options.emplace_back("--dry-run");
    auto const done = one.run(options);
    CHECK(done.code == 0);
    CHECK(done.out.empty());
    CHECK(one.nothing_added());
    CHECK_THAT(done.err, holds("host /cloudsql/P:R:I -> 10.240.0.3") &&
                             holds("url: postgresql://vividly:***@10.240.0.3:5432/vividly") &&
                             holds("Nothing was added"));
    check_hidden(one);
}

TEST_CASE("neither a trace, nor exported names, nor the caller's environment change that", "[rotate]")
{
    rotation one{socket_url};
    for (auto const* name : {"old", "new", "reply", "answer", "err", "verdict", "payload"})
        one.with(name, "exported by the caller");
    one.with("DATABASE_URL", "postgresql://wrong@elsewhere/d").with("PGHOST", "elsewhere");
    one.with("SCHEMAGATE_CONNECTION", "socket").with("SHELLOPTS", "allexport:xtrace:verbose");
    auto const done =
        one.run_bash({"-x", "-a", ROTATE_SCRIPT, "db", "--host", "10.240.0.3", "--port", "5432"});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK(one.version(8) == tcp_url);
    check_hidden(one);
}

TEST_CASE("a new password comes from a file or from stdin", "[rotate]")
{
    for (auto const* from : {"file", "stdin"}) {
        rotation one{socket_url};
        auto const file = one.folder().write("password", "N@w/Hunter2\n").string();
        auto const done = std::string{from} == "file"
                              ? one.run({"--password-file", file})
                              : one.run_bash({"-c", "cat \"$0\" | \"$@\"", file, ROTATE_SCRIPT, "db",
                                              "--password-file", "-"});
        INFO(done.err);
        CHECK(done.code == 0);
        CHECK(one.version(8) == "postgresql://vividly:N%40w%2FHunter2@/vividly?host=/cloudsql/P:R:I");
        check_hidden(one);
    }
}

TEST_CASE("options reach url rewrite, url check and gcloud whole", "[rotate]")
{
    rotation one{socket_url};
    CHECK(one.run({"--host=db", "--user=us er", "--dbname=x", "--set", "options=-c a=b",
                   "--set=sslmode=require", "--unset=password", "--project", "p-1", "--location=europe-west1",
                   "--connection=tcp"})
              .code == 0);
    CHECK(one.version(8) == "postgresql://us%20er@db/x?options=-c%20a%3Db&sslmode=require");
    CHECK_THAT(one.calls(), holds("gcloud secrets versions add db --project=p-1 --location=europe-west1 "
                                  "--data-file=- --format=value(name.basename())\n"));
    CHECK(one.run({"--host=h2", "--from-version", "7"}).code == 0);
    CHECK(one.version(9) == "postgresql://vividly:Hunter2%2FXq@h2/vividly");
}

TEST_CASE("a newline at the end of the secret is a change worth a version", "[rotate]")
{
    rotation one{tcp_url + "\n"};
    CHECK(one.run({}).code == 0);
    CHECK(one.version(8) == tcp_url);
}

TEST_CASE("every password survives, and none is seen", "[rotate][nasty]")
{
    for (auto const& password : nasty_passwords()) {
        auto const text = encoded(password);
        rotation one{"postgresql://vividly:" + text + "@/vividly?host=/cloudsql/P:R:I"};
        auto const done = one.with("STAND_IN_HURRIES", "1").run(to_tcp);
        INFO(text << '\n' << done.err);
        REQUIRE(done.code == 0);
        CHECK(one.version(8) == "postgresql://vividly:" + text + "@10.240.0.3:5432/vividly");
        CHECK_THAT(one.seen(), !holds(":" + text + "@"));
        if (password.size() > 4)
            CHECK_THAT(one.seen(), !holds(password) && !holds(text));
    }
}
