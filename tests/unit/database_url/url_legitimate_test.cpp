// Texts that work must not be refused: a wrong refusal stops a boot.
#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::file_kind;

namespace {

struct legitimate
{
    std::string text;
    std::string where;
};

std::vector<legitimate> texts()
{
    return {
        {"postgresql://u:p@10.240.0.3:5432/db", "10.240.0.3:5432"},
        {"postgres://u:p@h/db", "h:5432"},
        {"postgresql://u@h/db", "h:5432"},
        {"postgresql://h/db", "h:5432"},
        {"postgresql://h:6543/db?user=u&password=p", "h:6543"},
        {"postgresql:///db?host=h&port=6000&user=u", "h:6000"},
        {"postgresql://u:p@h:/db", "h:5432"},
        {"postgresql://u:p@h:05432/db", "h:05432"},
        {"postgresql://u:@h/db", "h:5432"},
        {"postgresql://:p@h/db", "h:5432"},
        {"postgresql://u:p@h1,h2/db", "h1:5432, h2:5432"},
        {"postgresql://u:p@h1:1,h2:2,h3:3/db?target_session_attrs=read-write", "h1:1, h2:2, h3:3"},
        {"postgresql://u:p@h1,h2/db?port=6000", "h1:6000, h2:6000"},
        {"postgresql://u:p@[::1]:5432/db", "[::1]:5432"},
        {"postgresql://u:p@[2001:db8::17]/db", "[2001:db8::17]:5432"},
        {"postgresql://u:p@[fe80::1%25eth0]:5432/db", "[fe80::1%eth0]:5432"},
        {"postgresql://u:p@[::1],10.0.0.1:6000/db", "[::1]:5432, 10.0.0.1:6000"},
        {"postgresql:///db?hostaddr=10.0.0.1&user=u", "10.0.0.1:5432"},
        {"postgresql://db.internal.example/db?hostaddr=10.0.0.1", "db.internal.example:5432"},
        {"hostaddr=2001:db8::1 dbname=db", "[2001:db8::1]:5432"},
        {"postgresql://u:p@%2Frun%2Fpg/db", "socket /run/pg/.s.PGSQL.5432"},
        {"postgresql://u:p@/db?host=/run/pg", "socket /run/pg/.s.PGSQL.5432"},
        {"postgresql://u:p@/db?host=%2Frun%2Fpg&port=6000", "socket /run/pg/.s.PGSQL.6000"},
        {"postgresql://u:p@localhost/db?host=/run/pg", "socket /run/pg/.s.PGSQL.5432"},
        {"postgresql://u:p@%2Frun%2Fpg:6000/db", "socket /run/pg/.s.PGSQL.6000"},
        {"postgresql:///db?host=%40abstract", "socket @abstract/.s.PGSQL.5432"},
        {"host=/run/pg dbname=db", "socket /run/pg/.s.PGSQL.5432"},
        {"host=h port=5432 user=u password=p dbname=db", "h:5432"},
        {"host = h  dbname = 'my db' password='a b=c'", "h:5432"},
        {"  host=h dbname=db\n", "h:5432"},
        {"host=h dbname=db password='x\\'y'", "h:5432"},
        {"host=h dbname=db password=postgresql://x", "h:5432"},
        {"host=::1 dbname=db", "[::1]:5432"},
        {"host=h1,h2 port=1,2 dbname=db", "h1:1, h2:2"},
        {"postgresql://user%40server:p@h/db", "h:5432"},
        {"postgresql://u:p%40ss%2Fw%3Ard%23%3F%25@h/db", "h:5432"},
        {"postgresql://u:a#b?c&d:e[f]g@h/db", "h:5432"},
        {"postgresql://u:p=w!$'()*+,;~|^`{}<>\"\\@h/db", "h:5432"},
        {"postgresql://u:pa ss@h/db", "h:5432"},
        {"postgresql://u:p$ord@h/db", "h:5432"},
        {"postgresql://u:$ecret@h/db", "h:5432"},
        {"postgresql://u:changeme@h/db", "h:5432"},
        {"postgresql://u:postgres@h/db", "h:5432"},
        {"postgresql://u:5432@h:5432/db", "h:5432"},
        {"postgresql://u:\xC3\xBC\xE2\x82\xAC@h/db", "h:5432"},
        {"postgresql://u:p@h/my-db_1.x", "h:5432"},
        {"postgresql://u:p@h/a%2Fb", "h:5432"},
        {"postgresql://u:p@h/%D0%B1%D0%B0%D0%B7%D0%B0", "h:5432"},
        {"postgresql://u:p@h/my@db", "***:***"},
        {"postgresql://u:p@h/my%20db", "h:5432"},
        {"postgresql://u:p@h/ignored?dbname=db", "h:5432"},
        {"postgresql://u:p@h/db?user=a@b", "***:***"},
        {"postgresql://h:5432/db?user=a@b", "***:***"},
        {"postgresql://u:p@h/db?sslmode=require&channel_binding=require", "h:5432"},
        {"postgresql://u:p@h/db?ssl=true", "h:5432"},
        {"postgresql://u:p@h/db?requiressl=1", "h:5432"},
        {"postgresql://u:p@h/db?sslmode=verify-full&sslrootcert=/etc/ca.crt", "h:5432"},
        {"postgresql://u:p@h/db?options=-c%20search_path%3Da%2Cb&application_name=x%20y", "h:5432"},
        {"postgresql://u:p@h/db?application_name={{x}}", "h:5432"},
        {"postgresql://u:p@h/db?connect_timeout=10&keepalives=1&", "h:5432"},
        {"postgresql://u:p@h/db?options=-c%20my.quote%3D\"x\"", "h:5432"},
        {"postgresql://u:p@h/db?us%65r=other", "h:5432"},
        {"postgresql://u:p@h/db?application_name=x\n", "h:5432"},
        {"postgresql://u:S3cret@my_service.ns.svc.cluster.local:5432/db",
         "my_service.ns.svc.cluster.local:5432"},
        {"postgresql://u:S3cret@b\xC3\xBC"
         "cher.example/db",
         "b\xC3\xBC"
         "cher.example:5432"},
        {"postgresql://u:p@h./db", "h.:5432"},
        {"postgresql://USER:PASSWORD@db.example:5432/USER", "db.example:5432"},
        {"service=main", "service-host:7000"},
        {"postgresql:///?service=main", "service-host:7000"},
    };
}

} // namespace

TEST_CASE("no text that libpq can use is refused", "[url_legitimate]")
{
    auto place = fake_place{{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"PGSERVICEFILE", "/etc/services"}};
    place.with("/etc/ca.crt", file_kind::regular).with_socket("/run/pg");
    place.contents["/etc/services"] = "# ours\n[other]\nhost=x\n\n[main]\nhost=service-host\nport=7000\n"
                                      "dbname=from-service\n[main]\nhost=second\n";
    for (auto const& [text, where] : texts()) {
        INFO(text);
        auto const diagnosis = diagnose(text, place);
        INFO(shown_text(diagnosis));
        CHECK_FALSE(has(codes(diagnosis), "refuse"));
        REQUIRE(diagnosis.effective);
        CHECK(diagnosis.effective->where() == where);
        CHECK_NOTHROW(require_usable(diagnosis));
    }
    CHECK(texts().size() > 60);
}

TEST_CASE("a host from the environment or a service is a host", "[url_legitimate]")
{
    CHECK(diagnose("postgresql://u:p@/db", fake_place{{"PGHOST", "h"}}).effective->where() == "h:5432");
    CHECK(diagnose("postgresql://u:p@/db", fake_place{{"PGHOSTADDR", "10.1.1.1"}}).effective->where() ==
          "10.1.1.1:5432");
    auto place = fake_place{{"PGSERVICE", "s"}, {"HOME", "/h"}};
    place.contents["/h/.pg_service.conf"] = "[s]\r\nhost=h\r\n";
    auto const diagnosis = diagnose("postgresql://u:p@/db", place);
    CHECK(codes(diagnosis) == "note port-default");
    CHECK(diagnosis.effective->where() == "h:5432");
    // libpq may know a service that we cannot read, so it is not for us to refuse.
    CHECK(codes(diagnose("service=elsewhere", place)) == "warn service-not-found");
}

TEST_CASE("a verify-full root certificate in the account's folder is found", "[url_legitimate]")
{
    auto place = fake_place{{"HOME", "/home/u"}};
    auto const text = std::string{"postgresql://u:p@h:5432/db?sslmode=verify-full"};
    CHECK(codes(diagnose(text, place)) == "refuse root-certificate-missing");
    place.with("/home/u/.postgresql/root.crt", file_kind::regular);
    CHECK(codes(diagnose(text, place)).empty());
}
