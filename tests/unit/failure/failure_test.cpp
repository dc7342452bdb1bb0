#include "schemagate/closing_line.hpp"

#include <boost/json.hpp>

#include "catch.hpp"

using namespace schemagate;

TEST_CASE("the closing line of a refusal carries exit, code, script, message and fix", "[failure]")
{
    auto const f =
        failure{errc::checksum_mismatch, "0003_add_email was changed.", "Restore the file."}.with_script(
            "0003_add_email", 14);
    auto const line = boost::json::parse(closing_line(f)).as_object();
    CHECK(line.at("event") == "boot_failed");
    CHECK(line.at("exit").to_number<int>() == 76);
    CHECK(line.at("code") == "checksum-mismatch");
    CHECK(line.at("script") == "0003_add_email");
    CHECK(line.at("line").to_number<int>() == 14);
    CHECK(line.at("message") == "0003_add_email was changed.");
    CHECK(line.at("fix") == "Restore the file.");
    CHECK(line.at("runbook") == "README.md#exit-76");
}

TEST_CASE("a finding's code stands in the closing line instead of the class's", "[failure]")
{
    auto const f = failure{errc::url_refused, "m", "f"}.with_finding("socket-not-mounted");
    CHECK(boost::json::parse(closing_line(f)).as_object().at("code") == "socket-not-mounted");
    CHECK(f.exit_code() == 78);
}

TEST_CASE("the closing line stays JSON whatever bytes the message holds", "[failure]")
{
    auto const f = failure{errc::script_failed, "caf\xE9 \x01\n\"\\ \xE2\x82\xAC \xE2\x82"};
    auto const line = boost::json::parse(closing_line(f)).as_object();
    CHECK(line.at("message") == "caf\xEF\xBF\xBD \x01\n\"\\ \xE2\x82\xAC \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("exit codes are those of the contract", "[failure]")
{
    CHECK(failure{errc::unreachable, ""}.exit_code() == 69);
    CHECK(failure{errc::interrupted, ""}.exit_code() == 75);
    CHECK(failure{errc::permission_denied, ""}.exit_code() == 77);
    CHECK(failure{errc::authentication_failed, ""}.exit_code() == 78);
    CHECK(failure{errc::statement_timeout, ""}.exit_code() == 65);
    CHECK(failure{errc::internal, ""}.exit_code() == 70);
}
