#include "catch.hpp"
#include "diagnosis.hpp"

using schemagate::file_kind;

namespace {

struct attempt
{
    std::string url;
    std::string sqlstate;
    std::string text;
    std::string hint; ///< a part of it
};

std::string hint_for(attempt const& a, fake_place const& where)
{
    auto policy = schemagate::url_policy{};
    policy.accept = {"socket-not-mounted", "socket-folder-absent"};
    return connect_hint(require_usable(diagnose(a.url, where, policy)), where, a.sqlstate, a.text);
}

auto const url = std::string{"postgresql://vividly:S3cret@10.240.0.3:5432/shop"};

} // namespace

TEST_CASE("a failed attempt gets the hint of its cause", "[connect_hint]")
{
    auto const job = fake_place{{"CLOUD_RUN_JOB", "x"}};
    for (auto const& a : std::vector<attempt>{
             {url, "28P01", "", "%24 in the URL"},
             {url, "", "FATAL:  password authentication failed for user \"vividly\"", "write $$ in compose"},
             {url, "", "fe_sendauth: no password supplied", "none is set"},
             {url, "28000", "no pg_hba.conf entry for host \"x\", no encryption", "sslmode=require"},
             {url, "28000", "no pg_hba.conf entry for host \"x\", SSL encryption", "pg_hba.conf"},
             {url, "28000", "role \"vividly\" does not exist", "no user \"vividly\""},
             {url, "", "FATAL:  role \"vividly\" does not exist", "no user \"vividly\""},
             {url, "3D000", "", "no database \"shop\""},
             {url, "", "FATAL:  database \"shop\" does not exist", "no database \"shop\""},
             {url, "53300", "", "max_connections"},
             {url, "", "FATAL:  sorry, too many clients already", "max_connections"},
             {url, "57P03", "", "tried again"},
             {url, "08P01", "unsupported startup parameter: options", "MIGRATION_DATABASE_URL"},
             {url, "", "server does not support SSL, but SSL was required", "no TLS"},
             {url, "",
              "connection to server at \"10.240.0.3\", port 5432 failed: received invalid response to SSL "
              "negotiation: H",
              "Something answers at 10.240.0.3:5432, but it is no PostgreSQL server"},
             {url, "", "expected authentication request from server, but received H", "no PostgreSQL server"},
             {url, "", "SSL error: certificate verify failed", "sslrootcert"},
             {url, "", "server certificate for \"x\" does not match host name \"y\"", "verify-ca"},
             {url, "", "root certificate file \"/r\" does not exist", "sslrootcert"},
             {url, "", "connection to server at \"10.240.0.3\" failed: timeout expired", "10.240.0.3:5432"},
             {url, "", "timeout expired", "gcloud run jobs update NAME --network="},
             {url, "", "could not connect: No route to host", "only through the VPC"},
             {"postgresql://u:p@203.0.113.9:5432/d", "", "Connection timed out", "firewall"},
             {"postgresql://u:p@203.0.113.9:5432/d", "", "Connection refused",
              "No server is listening on 203.0.113.9"},
             {"postgresql://u:p@localhost:5432/d", "", "Connection refused", "this container itself"},
             {"postgresql://u:p@db:5432/d", "", "could not translate host name \"db\"", "compose"},
             {"postgresql://u:p@x.railway.internal:1/d", "", "could not translate host name",
              "DATABASE_PUBLIC_URL"},
             {"postgresql://u:p@dpg-x-a:1/d", "", "could not translate host name", "inside Render"},
             {"postgresql://u:p@x.example.com:1/d", "", "Name or service not known", "x.example.com"},
             {"postgresql://u:p@db.x.supabase.co:1/d", "", "Network is unreachable", "session pooler"},
             {"postgresql://u:p@/d?host=/cloudsql/a:b:c", "", "No such file or directory",
              "roles/cloudsql.client"},
             {"postgresql://u:p@/d?host=/run/pg", "", "No such file or directory", "unix_socket_directories"},
             {"postgresql://u:p@/d?host=/run/pg", "", "Connection refused", "proxy is not running"},
             {"postgresql://u:p@/d?host=/run/pg", "", "Permission denied", "may not open the socket"},
         }) {
        INFO(a.url << " " << a.sqlstate << " " << a.text);
        CHECK(has(hint_for(a, job), a.hint));
        CHECK_FALSE(has(hint_for(a, job), "S3cret"));
    }
    CHECK(hint_for({url, "", "something else", ""}, job).empty());
    CHECK(hint_for({url, "42P01", "relation \"x\" is odd", ""}, job).empty());
}

TEST_CASE("the hint for a private address knows where it is", "[connect_hint]")
{
    auto const attempt_ = attempt{url, "", "timeout expired", ""};
    CHECK(has(hint_for(attempt_, fake_place{{"K_SERVICE", "x"}}), "gcloud run services update"));
    CHECK_FALSE(has(hint_for(attempt_, fake_place{}), "gcloud"));
    auto mounted = fake_place{{"CLOUD_RUN_JOB", "x"}};
    mounted.with("/cloudsql", file_kind::folder);
    CHECK(has(hint_for(attempt_, mounted), "/cloudsql is mounted here"));
}

TEST_CASE("only addresses of private networks count as private", "[connect_hint]")
{
    auto const says_private = [](std::string const& host) {
        auto const text = "postgresql://u:p@" + host + ":5432/d";
        return has(hint_for({text, "", "timeout expired", ""}, fake_place{}), "private address");
    };
    for (auto const* host : {"10.0.0.1", "192.168.1.1", "172.16.0.1", "172.31.255.255", "[fd00::1]"})
        CHECK(says_private(host));
    for (auto const* host : {"11.0.0.1", "172.15.0.1", "172.32.0.1", "10.example.com", "[2001:db8::1]"})
        CHECK_FALSE(says_private(host));
}
