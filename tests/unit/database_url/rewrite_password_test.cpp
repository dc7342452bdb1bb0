// url rewrite and passwords: whatever bytes one holds, libpq reads it as it is, and nothing shows it.
#include <map>

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"

#include "catch.hpp"
#include "diagnosis.hpp"
#include "nasty_passwords.hpp"
#include "percent_encoded.hpp"

using schemagate::rewrite;
using schemagate::secret;
using schemagate::url_change;

namespace {

schemagate::rewritten_url rewritten(std::string const& text, url_change const& change)
{
    return rewrite({secret{text}, "DATABASE_URL", {}}, change, fake_place{});
}

// Asked of libpq itself, past our own reading of its answer.
std::map<std::string, std::string> read_by_libpq(std::string const& text)
{
    auto result = std::map<std::string, std::string>{};
    auto* const options = PQconninfoParse(text.c_str(), nullptr);
    REQUIRE(options);
    for (auto const* one = options; one->keyword; ++one)
        if (one->val)
            result[one->keyword] = one->val;
    PQconninfoFree(options);
    return result;
}

std::string quoted(std::string const& value)
{
    auto result = std::string{"'"};
    for (auto const c : value)
        result += c == '\'' || c == '\\' ? std::string{'\\'} + c : std::string{c};
    return result + "'";
}

std::vector<std::string> forms(std::string const& password)
{
    return {"postgresql://app:" + encoded(password) + "@/x?host=/cloudsql/a:b:c",
            "postgres://app:" + encoded(password) + "@[::1]:5432/x?sslmode=disable",
            "postgresql://db/x?password=" + encoded(password) + "&user=app",
            "postgresql://app:" + encoded(password) + "@h1:5432,h2:5432",
            "host=db user=app password=" + quoted(password) + " dbname=x",
            "password=" + quoted(password)};
}

std::string all_shown(schemagate::rewritten_url const& done)
{
    auto result = done.redacted;
    for (auto const& [keyword, before, after] : done.changed)
        result += "\n" + keyword + " " + before + " " + after;
    for (auto const& one : done.findings)
        result += "\n" + one.code + " " + one.message + " " + one.fix;
    return result;
}

} // namespace

TEST_CASE("every new password reaches libpq as it is, in every form, and no other part changes", "[rewrite]")
{
    for (auto const& form : forms("old")) {
        auto expected = read_by_libpq(form);
        auto shown = std::string{};
        for (auto const& password : nasty_passwords()) {
            auto change = url_change{};
            change.password = secret{password};
            auto const done = rewritten(form, change);
            INFO(form << "\n" << password);
            expected["password"] = password;
            CHECK(read_by_libpq(done.text.reveal()) == expected);
            shown = shown.empty() ? all_shown(done) : shown;
            CHECK(all_shown(done) == shown); // independent of the password
        }
    }
}

TEST_CASE("every password stays byte for byte when the host changes to a socket and back", "[rewrite]")
{
    for (auto const& password : nasty_passwords())
        for (auto const& form : forms(password)) {
            INFO(form);
            auto change = url_change{};
            change.host = "/cloudsql/p:r:i";
            auto const socket = rewritten(form, change).text.reveal();
            auto expected = read_by_libpq(form);
            expected["host"] = "/cloudsql/p:r:i";
            expected.erase("port");
            CHECK(read_by_libpq(socket) == expected);
            change.host = "10.0.0.1";
            change.port = "5432";
            auto const tcp = rewritten(socket, change).text.reveal();
            change.host = "/cloudsql/p:r:i";
            change.port.reset();
            CHECK(rewritten(tcp, change).text.reveal() == socket);
            auto const written =
                form.find(quoted(password)) == form.npos ? encoded(password) : quoted(password);
            CHECK(tcp.find(written) != tcp.npos);
        }
}

TEST_CASE("an ambiguous text is refused with the finding of check, and nothing is guessed", "[rewrite]")
{
    for (auto const* text :
         {"postgresql://app:Zq@Kx@db:5432/x", "postgresql://app:Zq/Kx@db:5432/x",
          "postgresql://app:Zq@@db/x",      // a password "Zq@", or an abstract socket
          "postgresql://app:Zq@a,@b/x",     // hosts "a" and abstract "b", or a password "Zq@a,"
          "postgresql://app:Zq@a@b/c@db/x", // a database "c@db/x", or not
          "postgresql://app:Zq@Kx/Zq@db/x", // a host "Kx"
          "postgresql://app:12/Kx@db/x",    // a port 12
          "postgresql://app:Z%40q@Kx@db/x", // escaped in part, or a raw "%40"
          "postgresql://admin@srv:Zq@srv.postgres.database.azure.com/x",
          "postgresql://app:Zq@Kx@db", // no database
          "postgresql://app:Zq@K?x@db/x", "postgresql://app:Zq/Kx?y@db/x", "postgresql://app:%zz@db/x",
          "postgresql://app:Zq@db/x?schema=public", "", " ", "app:Zq@db/x", "mysql://app:Zq@db/x"}) {
        INFO(text);
        auto change = url_change{};
        change.host = "10.0.0.1";
        auto code = std::string{"rewritten"};
        try {
            (void)rewritten(text, change);
        }
        catch (schemagate::failure const& f) {
            CHECK(f.exit_code() == 78);
            code = f.code_name();
            CHECK_FALSE(has(f.what(), "Zq"));
            CHECK_FALSE(has(f.what(), "Kx"));
        }
        CHECK(code == diagnose(text).findings.front().code);
    }
}

TEST_CASE("a raw password comes out right or is refused, never as another", "[rewrite]")
{
    auto made = 0;
    for (auto const& password : nasty_passwords()) {
        auto const raw = "postgresql://app:" + password + "@db:5432/x";
        INFO(raw);
        try {
            auto change = url_change{};
            change.host = "10.0.0.1";
            auto const now = read_by_libpq(rewritten(raw, change).text.reveal());
            // A "%4f" in a raw password is an escape to libpq and to us.
            if (password.find('%') == password.npos)
                CHECK(now.at("password") == password);
            CHECK(now.at("host") == "10.0.0.1");
            CHECK(now.at("dbname") == "x");
            ++made;
        }
        catch (schemagate::failure const& f) {
            CHECK(f.exit_code() == 78);
        }
    }
    CHECK(made > 60);
}
