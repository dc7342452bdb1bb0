// url rewrite: what is asked for changes, and nothing else does, byte for byte.
#include "schemagate/rewrite.hpp"

#include "schemagate/failure.hpp"

#include "catch.hpp"
#include "fake_place.hpp"

using schemagate::rewrite;
using schemagate::secret;
using schemagate::url_change;

namespace {

schemagate::rewritten_url rewritten(std::string const& text, url_change const& change)
{
    return rewrite({secret{text}, "DATABASE_URL", {}}, change, fake_place{});
}

std::string changed(std::string const& text, url_change const& change)
{
    return rewritten(text, change).text.reveal();
}

url_change to(std::string host, std::optional<std::string> port = {})
{
    auto change = url_change{};
    change.host = std::move(host);
    change.port = std::move(port);
    return change;
}

template <class Set>
url_change with(Set set)
{
    auto change = url_change{};
    set(change);
    return change;
}

std::string refusal(std::string const& text, url_change const& change)
{
    try {
        return "made " + changed(text, change);
    }
    catch (schemagate::failure const& f) {
        CHECK_FALSE(f.fix().empty());
        CHECK(std::string{f.what()}.find("S3cret") == std::string::npos);
        return std::string{f.code_name()};
    }
}

auto const no_change = url_change{};

} // namespace

TEST_CASE("the incident's socket URL becomes a TCP one and back", "[rewrite]")
{
    auto const socket =
        std::string{"postgresql://user:p%40ss@/vividly?host=/cloudsql/PROJECT:REGION:INSTANCE"};
    auto const tcp = std::string{"postgresql://user:p%40ss@10.240.0.3:5432/vividly"};
    CHECK(changed(socket, to("10.240.0.3", "5432")) == tcp);
    CHECK(changed(tcp, to("/cloudsql/PROJECT:REGION:INSTANCE")) == socket);
}

TEST_CASE("a text in canonical shape comes back byte for byte after going the other way", "[rewrite]")
{
    struct shape
    {
        std::string text;
        std::string host;
        std::optional<std::string> port = std::nullopt;
    };
    for (auto const& [text, host, port] : std::vector<shape>{
             {"postgresql://u:p@/d?host=/cloudsql/p:r:i", "/cloudsql/p:r:i"},
             {"postgres://u:%7e%7E@/d?host=/var/run/postgresql&sslmode=disable&connect_timeout=9",
              "/var/run/postgresql"},
             {"postgresql:///d?host=/s&port=5433&user=u&password=%41b%2f", "/s", "5433"},
             {"postgresql://u@/?host=/s&application_name=a+b", "/s"},
             {"host=/s user=u dbname=d password='a \\' b'", "/s"},
             {"  user = u host= /s  dbname='d'", "/s"}}) {
        INFO(text);
        CHECK(changed(changed(text, to("10.0.0.1", "5432")), to(host, port)) == text);
    }
    for (auto const& [text, host, port] : std::vector<shape>{
             {"postgresql://u:p@10.240.0.3:5432/d", "10.240.0.3", "5432"},
             {"postgresql://u:p@db/d?sslmode=require", "db"},
             {"postgresql://u:p@[2001:db8::17]:6432/d?options=-c%20x%3dy&target_session_attrs=any",
              "2001:db8::17", "6432"},
             {"postgresql://db?user=u", "db"},
             {"user=u host=db dbname=d port=5433", "db", "5433"}}) {
        INFO(text);
        CHECK(changed(changed(text, to("/cloudsql/p:r:i")), to(host, port)) == text);
    }
}

TEST_CASE("each part is changed where it stands", "[rewrite]")
{
    auto const user = with([](auto& c) { c.user = "a@b"; });
    CHECK(changed("postgresql://u:p@h/d", user) == "postgresql://a%40b:p@h/d");
    CHECK(changed("postgresql://h/d", user) == "postgresql://a%40b@h/d");
    CHECK(changed("postgresql://h/d?u%73er=u&password=p", user) ==
          "postgresql://h/d?u%73er=a%40b&password=p");
    CHECK(changed("user=u host=h", user) == "user=a@b host=h");

    auto const dbname = with([](auto& c) { c.dbname = "x y/z"; });
    CHECK(changed("postgresql://u@h", dbname) == "postgresql://u@h/x%20y%2Fz");
    CHECK(changed("postgresql://u@h/d?sslmode=require", dbname) ==
          "postgresql://u@h/x%20y%2Fz?sslmode=require");
    CHECK(changed("postgresql://u@h?dbname=d", dbname) == "postgresql://u@h?dbname=x%20y/z");
    CHECK(changed("dbname='d' host=h", dbname) == "dbname='x y/z' host=h");

    auto const port = with([](auto& c) { c.port = "6432"; });
    CHECK(changed("postgresql://u@h:5432/d", port) == "postgresql://u@h:6432/d");
    CHECK(changed("postgresql://u@h/d", port) == "postgresql://u@h:6432/d");
    CHECK(changed("postgresql://u@h1:1,h2:2/d", port) == "postgresql://u@h1:6432,h2:6432/d");
    CHECK(changed("postgresql://u@/d?host=/s&sslmode=disable", port) ==
          "postgresql://u@/d?host=/s&port=6432&sslmode=disable");
    CHECK(changed("postgresql://u@:5432/d?host=/s", port) == "postgresql://u@:6432/d?host=/s");

    auto const mode = with([](auto& c) { c.set["sslmode"] = "verify-full"; });
    CHECK(changed("postgresql://u@h/d?ssl=true&connect_timeout=9", mode) ==
          "postgresql://u@h/d?sslmode=verify-full&connect_timeout=9");
    CHECK(changed("postgresql://u@h/d?sslmode=a&x%70=", with([](auto& c) { c.unset.insert("xp"); })) ==
          "postgresql://u@h/d?sslmode=a");
    CHECK(changed("requiressl=1 host=h", mode) == "sslmode=verify-full host=h");
    CHECK(changed("postgresql://u@h/d", mode) == "postgresql://u@h/d?sslmode=verify-full");
}

TEST_CASE("one host takes the place of all, and hostaddr goes with them", "[rewrite]")
{
    CHECK(changed("postgresql://u@h1:5433,h2:5433/d?sslmode=require", to("db")) ==
          "postgresql://u@db:5433/d?sslmode=require");
    CHECK(changed("postgresql://u@h1,h2/d", to("db", "1")) == "postgresql://u@db:1/d");
    CHECK(changed("postgresql://u@h:5433/d?hostaddr=10.0.0.1&sslmode=require", to("db")) ==
          "postgresql://u@db:5433/d?sslmode=require");
    CHECK(changed("postgresql://u@h:5433/d?hostaddr=10.0.0.1", to("h")) == "postgresql://u@h:5433/d");
    CHECK(changed("postgresql://u@h/d?host=h2&host=h3", to("db")) == "postgresql://u@db/d");
    CHECK(changed("host=h1,h2 port=1,1 hostaddr=10.0.0.1,10.0.0.2", to("db")) == "host=db port=1");
    CHECK(refusal("postgresql://u@h1:1,h2:2/d", to("db")) == "usage");
    CHECK(changed("postgresql://u@h1,h2:5433/d", to("/s")) == "postgresql://u@/d?host=/s");
    CHECK(changed("postgresql://u@%2Fs/d", to("/t")) == "postgresql://u@/d?host=/t");
    CHECK(changed("postgresql://u@h/d", to("fe80::1%eth0", "5432")) ==
          "postgresql://u@[fe80::1%25eth0]:5432/d");
    CHECK(changed("postgresql://u@/d?host=/s", to("@name")) == "postgresql://u@/d?host=%40name");
    // The same way keeps its port, wherever it stands.
    CHECK(changed("postgresql://u@h:5433/d", to("db")) == "postgresql://u@db:5433/d");
    CHECK(changed("postgresql://u@h/d?port=5433", to("db")) == "postgresql://u@db/d?port=5433");
    CHECK(changed("postgresql://u@:5433/d?host=/s", to("/t")) == "postgresql://u@:5433/d?host=/t");
}

TEST_CASE("unset takes a part out, also one that libpq does not know", "[rewrite]")
{
    auto const without = [](char const* keyword) { return with([=](auto& c) { c.unset.insert(keyword); }); };
    CHECK(changed("postgresql://u:S3cret@h/d?password=x", without("password")) == "postgresql://u@h/d");
    CHECK(changed("postgresql://u:p@h/d?a=b&sslmode=require&schema=x", with([](auto& c) {
                      c.unset = {"a", "schema"};
                  })) == "postgresql://u:p@h/d?sslmode=require");
    CHECK(changed("postgresql://u@h:1/d?port=2", without("port")) == "postgresql://u@h/d");
    CHECK(changed("postgresql://u@h/d?ssl=true&sslmode=prefer", without("ssl")) == "postgresql://u@h/d");
    CHECK(changed("postgresql://:p@h/d", without("password")) == "postgresql://h/d");
    CHECK(changed("postgresql://u@h/d?options=a%40b", without("user")) == "postgresql://h/d?options=a%40b");
    CHECK(changed("host=h password='S3cret x' user=u", without("password")) == "host=h user=u");
    CHECK(changed("password=p host=h", without("password")) == "host=h");
    CHECK(refusal("postgresql://u:S3cret@h/d", without("sslmod")) == "usage");
    CHECK(refusal("postgresql://u:S3cret@h/d", without("host")) == "usage");
    CHECK(changed("postgresql://u@h/d", without("sslmode")) == "postgresql://u@h/d");
}

TEST_CASE("what is not to change keeps its bytes, however strange", "[rewrite]")
{
    for (auto const* text : {"postgres://%75:p%4fx@h/%64?ssl=true&sslcert=%2f",
                             "postgresql://u:p;#?[x@h/d#f?options=a+b&", "postgresql://h1,h2:1,[::1]/",
                             " host = 'h' user=u\\ v\tdbname='' ", "postgresql://u@h?requiressl=1"}) {
        INFO(text);
        CHECK(changed(text, no_change) == text);
        CHECK(rewritten(text, no_change).changed.empty());
        auto const there = changed(text, with([](auto& c) { c.set["keepalives"] = "1"; }));
        CHECK(there != text);
        CHECK(changed(there, with([](auto& c) { c.unset.insert("keepalives"); })) == text);
    }
    CHECK(changed("postgresql://u@h/d?", with([](auto& c) { c.port = "1"; })) == "postgresql://u@h:1/d?");
    CHECK(changed("postgresql://u@h/d?", to("/s")) == "postgresql://u@/d?host=/s");
    CHECK(changed("postgresql://u@h/d?sslmode=x&", to("/s")) == "postgresql://u@/d?host=/s&sslmode=x&");
    CHECK(changed("user=u\\ v\tdbname='' ", with([](auto& c) { c.user = "w"; })) == "user=w\tdbname='' ");
    CHECK(changed("dbname='x'host='h'user=u", to("db")) == "dbname='x'host=db user=u");
    CHECK(changed("user=u dbname='x'host=h", with([](auto& c) { c.unset.insert("dbname"); })) ==
          "user=u host=h");
    CHECK(changed("host=h dbname=", to("db", "1")) == "host=db dbname='' port=1");
    CHECK(changed("host=h password=x\\", to("db", "1")) == "host=db password=x port=1");
}

TEST_CASE("a change that cannot be made is a usage error, without its value", "[rewrite]")
{
    auto const text = std::string{"postgresql://u:p@h/d"};
    for (auto const* host : {"", "S3cret:1", "h1,h2", "a/b", "a b", "u@h", "[::1]", "a:b:g"})
        CHECK(refusal(text, to(host)) == "usage");
    for (auto const* port : {"", "0", "65536", "S3cret", "+1", " 1", "-1"})
        CHECK(refusal(text, to("h", port)) == "usage");
    CHECK(refusal(text, with([](auto& c) { c.user = ""; })) == "usage");
    CHECK(refusal(text, with([](auto& c) { c.dbname = ""; })) == "usage");
    CHECK(refusal(text, with([](auto& c) { c.password = secret{""}; })) == "usage");
    CHECK(refusal(text, with([](auto& c) { c.password = secret{std::string{"a\0b", 3}}; })) == "usage");
    for (auto const* keyword :
         {"password", "sslpassword", "host", "port", "user", "dbname", "hostaddr", "sslmod", "ssl", "S3cret"})
        CHECK(refusal(text, with([=](auto& c) { c.set[keyword] = "S3cret"; })) == "usage");
    CHECK(refusal(text, with([](auto& c) {
                      c.user = "x";
                      c.unset.insert("user");
                  })) == "usage");
}

TEST_CASE("what changed is told part by part, and nothing secret of it", "[rewrite]")
{
    auto change = to("10.240.0.3", "5433");
    change.password = secret{"S3cret"};
    auto const done = rewritten("postgresql://u:old@/d?host=/cloudsql/p:r:i", change);
    auto said = std::string{};
    for (auto const& [keyword, before, after] : done.changed)
        said += keyword + " " + before + ">" + after + ";";
    CHECK(said == "host /cloudsql/p:r:i>10.240.0.3;password ***>***;port >5433;");
    CHECK(done.redacted == "postgresql://u:***@10.240.0.3:5433/d");
}
