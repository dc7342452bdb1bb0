// Each detector against its corpus: misses and false hits are counted apart, and there are none.
#include <boost/json.hpp>

#include "corpus.hpp"

namespace {

app::screen screen_for(std::string const& entity)
{
    return app::screen::compile("pii_detection", {{"entity_types", boost::json::array{entity.c_str()}}});
}

} // namespace

TEST_CASE("social security numbers are found, and what looks like them is not", "[detectors]")
{
    corpus::check("SSN", screen_for("SSN"), "SSN", corpus::ssn(), 40, 60);
}

TEST_CASE("card numbers are found, and what looks like them is not", "[detectors]")
{
    corpus::check("CREDIT_CARD", screen_for("CREDIT_CARD"), "CREDIT_CARD", corpus::credit_card(), 40, 60);
}

TEST_CASE("telephone numbers are found, and what looks like them is not", "[detectors]")
{
    corpus::check("PHONE_NUMBER", screen_for("PHONE_NUMBER"), "PHONE_NUMBER", corpus::phone_number(), 40, 60);
}

TEST_CASE("e-mail addresses are found, and what looks like them is not", "[detectors]")
{
    corpus::check("EMAIL_ADDRESS", screen_for("EMAIL_ADDRESS"), "EMAIL_ADDRESS", corpus::email_address(), 40,
                  60);
}
