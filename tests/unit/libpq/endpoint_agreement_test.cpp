// The endpoints that we report are the places that libpq really tries, in its order: it is let connect, to
// loopback addresses and socket folders where nobody listens, and its words are read.
#include "catch.hpp"
#include "effective_values.hpp"
#include "libpq_oracle.hpp"
#include "libpq_parser.hpp"
#include "process_environment.hpp"
#include "uri_layout.hpp"

namespace url = schemagate::url;

namespace {

std::vector<libpq_oracle::attempt> reported(std::string const& text)
{
    auto const values = url::effective_values{url::libpq_parse(text).value(), schemagate::this_place()};
    auto const list = url::endpoints_of(values);
    auto result = std::vector<libpq_oracle::attempt>{};
    if (!list.counts_match)
        return result;
    for (auto const& one : list.all) {
        auto const number = url::port_number(one.port);
        if (number == 0)
            return result; // libpq gives up, or goes on: the cases below hold one host each
        auto const port = std::to_string(number);
        if (one.is_socket())
            result.push_back({one.host + "/.s.PGSQL." + port, ""});
        else
            result.push_back({one.hostaddr.empty() ? one.host : one.hostaddr, port});
    }
    return result;
}

} // namespace

namespace libpq_oracle {

std::ostream& operator<<(std::ostream& out, attempt const& one)
{
    return out << one.target << " " << one.port;
}

} // namespace libpq_oracle

TEST_CASE("libpq tries the endpoints that we report, and no others", "[libpq]")
{
    for (auto const& environment : std::vector<std::map<std::string, std::string>>{
             {},
             {{"PGPORT", "2"}},
             {{"PGPORT", "1,2"}},
             {{"PGHOST", "/nowhere/e,127.0.0.1"}},
             {{"PGHOSTADDR", "127.0.0.2"}},
             {{"PGHOSTADDR", "127.0.0.2,127.0.0.3"}, {"PGPORT", "1,"}}}) {
        auto set = environment;
        set.try_emplace("PGPORT", "3"); // nobody's, where the text names none
        auto const held = process_environment{set};
        for (std::string const text : {"postgresql://127.0.0.1:1/x",
                                       "postgresql://127.0.0.1:1,127.0.0.2:2/x",
                                       "postgresql://127.0.0.1,127.0.0.2:2/x",
                                       "postgresql://127.0.0.1:1,127.0.0.2/x",
                                       "postgresql://[::1]:1,127.0.0.2:2,%2Fnowhere:3/x",
                                       "postgresql:///x",
                                       "postgresql://:1/x",
                                       "postgresql://:1,127.0.0.1:2/x",
                                       "postgresql://,/x?port=1",
                                       "postgresql:///x?host=/nowhere/a",
                                       "postgresql:///x?host=/nowhere/a,/nowhere/b&port=1,2",
                                       "postgresql://%2Fnowhere%2Fa:1/x",
                                       "postgresql://127.0.0.1:1/x?host=127.0.0.2",
                                       "postgresql://127.0.0.1:1/x?port=2",
                                       "postgresql://127.0.0.1:1,127.0.0.2:1/x?port=2",
                                       "postgresql://127.0.0.1:1/x?hostaddr=127.0.0.9",
                                       "postgresql://name.invalid:1/x?hostaddr=127.0.0.9",
                                       "postgresql:///x?hostaddr=127.0.0.9,127.0.0.8",
                                       "postgresql://a.invalid,b.invalid:2/x?hostaddr=127.0.0.9,127.0.0.8",
                                       "postgresql://127.0.0.1%2C127.0.0.2:1/x",
                                       "postgresql://127.0.0.1:1%2C2/x",
                                       "postgresql://127.0.0.1,127.0.0.2,127.0.0.3/x?port=1,2",
                                       "host=127.0.0.1 port=1 dbname=x",
                                       "host='/nowhere/a b' port=1",
                                       "host=127.0.0.1,127.0.0.2 port=1,2",
                                       "host=127.0.0.1,,/nowhere/a port=1",
                                       "host='' port=1",
                                       "hostaddr=127.0.0.1 host=/nowhere port=1",
                                       "host=@schemagate-nobody port=1",
                                       "host=127.0.0.1 port=1, dbname=x",
                                       "host=127.0.0.1, port=1,2"}) {
            INFO(text << " with PGPORT=" << set.at("PGPORT"));
            CHECK(reported(text) == libpq_oracle::attempts(text));
        }
    }
}

TEST_CASE("a port's number is the one that libpq connects to, or none", "[libpq]")
{
    auto const held = process_environment{{}};
    for (std::string const port : {"1",     "5",     "65535",       "65536",      "0",
                                   "-1",    "+5",    "05",          " 5",         "5 ",
                                   "\t5\n", "5x",    "x",           "0x5",        "5.0",
                                   "1e1",   "99999", "00000000007", "4294967297", "18446744073709551617",
                                   "- 5",   "+ 5",   "++5",         " ",          "5432"}) {
        auto const text = "host=/nowhere port='" + port + "'";
        auto const tried = libpq_oracle::attempts(text);
        INFO(text);
        CHECK(reported(text) == tried);
    }
}
