// Which failures to connect are waited for, and which end the boot at once: libpq's verbose texts, no server.
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connect.hpp"

#include "catch.hpp"

using schemagate::errc;

namespace {

schemagate::postgres::connect_failure judged(std::string const& text, bool password_needed = false)
{
    auto const& where = schemagate::this_place();
    auto const url = schemagate::database_url_text{
        schemagate::secret{"postgresql://app:Zq7wKx2y@10.240.0.3:5432/shop"}, "DATABASE_URL", {}};
    return schemagate::postgres::judge_connect_failure(
        text, password_needed, require_usable(schemagate::check(url, where, {})), where);
}

std::string fatal(std::string const& text)
{
    return "connection to server at \"10.240.0.3\", port 5432 failed: FATAL:  " + text +
           "\nLOCATION:  auth_failed, auth.c:326\n";
}

} // namespace

TEST_CASE("what passes by itself is waited for, and what a person has to fix is not", "[connect_failure]")
{
    struct known
    {
        std::string text;
        errc code;
        bool retryable;
    };
    for (auto const& [text, code, retryable] : std::vector<known>{
             {fatal("57P03: the database system is starting up"), errc::unreachable, true},
             {fatal("53300: sorry, too many clients already"), errc::too_many_connections, true},
             {fatal("28P01: password authentication failed for user \"app\""), errc::authentication_failed,
              false},
             {fatal("28000: no pg_hba.conf entry for host"), errc::authentication_failed, false},
             {fatal("3D000: database \"shop\" does not exist"), errc::database_missing, false},
             {fatal("08P01: no such database: shop"), errc::database_missing, false},
             {fatal("08P01: unsupported startup parameter: options"), errc::pooler_refused, false},
             {fatal("08P01: no more connections allowed (max_client_conn)"), errc::too_many_connections,
              true},
             {fatal("XX000: MaxClientsInSessionMode: max clients reached - in Session mode max clients are "
                    "limited to pool_size"),
              errc::too_many_connections, true},
             {fatal("XX000: Max client connections reached"), errc::too_many_connections, true},
             {fatal("08P01: query_wait_timeout"), errc::too_many_connections, true},
             {fatal("XX000: Tenant or user not found"), errc::pooler_refused, false},
             {fatal("XX000: Endpoint ID is not specified."), errc::pooler_refused, false},
             {fatal("22023: invalid value for parameter \"work_mem\": \"lots\""), errc::url_refused, false},
             {fatal("42704: unrecognized configuration parameter \"work_memory\""), errc::url_refused, false},
             {"invalid integer value \"abc\" for connection option \"keepalives\"\n", errc::url_refused,
              false},
             {"invalid channel_binding value: \"\"\n", errc::url_refused, false},
             {fatal("42601: invalid command-line argument for server process: +x"), errc::url_refused, false},
             {"definition of service \"prod\" not found\n", errc::url_refused, false},
             {"service file \"/etc/pg_service.conf\" not found\n", errc::url_refused, false},
             {"connection to server at \"db\" (10.0.0.5), port 5432 failed: private key file \"/k\" has "
              "group or "
              "world access; permissions should be u=rw (0600) or less\n",
              errc::tls_refused, false},
             {"connection to server at \"db\" (10.0.0.5), port 5432 failed: certificate present, but not "
              "private "
              "key file \"/k\"\n",
              errc::tls_refused, false},
             {"connection to server at \"db\" (10.0.0.5), port 5432 failed: could not load private key file "
              "\"/k\": "
              "no start line\n",
              errc::tls_refused, false},
             {"server does not support SSL, but SSL was required\n", errc::tls_refused, false},
             {"connection to server at \"10.240.0.3\", port 5432 failed: Connection refused\n",
              errc::unreachable, true},
             {"could not translate host name \"db\" to address: Name or service not known\n",
              errc::unreachable, true},
             {"timeout expired", errc::unreachable, true},
         }) {
        INFO(text);
        auto const why = judged(text);
        CHECK(why.code == code);
        CHECK(why.retryable == retryable);
        CHECK_FALSE(why.hint.empty());
        CHECK(why.hint.find("Zq7wKx2y") == std::string::npos);
        CHECK(why.message.find("LOCATION") == std::string::npos);
        // A hint that promises another try is kept.
        if (why.hint.find("will be tried again") != std::string::npos)
            CHECK(why.retryable);
    }
    CHECK(judged("failed: Connection refused\n\tIs the server running?\n").message ==
          "failed: Connection refused; Is the server running?");
    CHECK(judged("fe_sendauth: no password supplied\n", true).code == errc::authentication_failed);
}
