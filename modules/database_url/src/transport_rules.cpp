// TLS, where the password and the data travel over a network: SCHEMAGATE_TLS.
//
// libpq's default, sslmode=prefer, takes TLS if the server offers it, and goes without a word to plain text
// if somebody in between says that it does not (PostgreSQL documentation, "34.19.3 Protection Provided in
// Different Modes").
#include <algorithm>

#include "ascii.hpp"
#include "inspection.hpp"
#include "numeric_address.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

bool is_local(way const& one)
{
    return one.is_socket() || is_loopback_host(one.hostaddr.empty() ? one.host : one.hostaddr);
}

bool verifies(std::string_view sslmode)
{
    return sslmode == "verify-ca" || sslmode == "verify-full";
}

} // namespace

void judge_transport(inspection& i)
{
    auto const& ways = i.ways.ways;
    auto const remote = std::find_if_not(ways.begin(), ways.end(), is_local);
    if (i.refused() || remote == ways.end())
        return;
    auto const& mode = i.effective.value("sslmode");
    auto const encrypted = mode == "require" || i.effective.value("gssencmode") == "require";
    auto const wants_verified = i.policy.tls == tls_policy::verify;
    if (verifies(mode) || (encrypted && !wants_verified))
        return;

    auto const target = shown_host(remote->target());
    auto result = finding{
        encrypted ? "tls-not-verified" : "tls-not-required",
        i.policy.tls == tls_policy::warn ? severity::warn : severity::refuse,
        i.name + " goes over the network to " + target + " with sslmode=" + printable(mode) +
            (encrypted ? ": the server's certificate is not verified."
                       : ": whoever sits in between can have the password and the data in plain text."),
        wants_verified ? "Write sslmode=verify-full, with sslrootcert=FILE for a CA of your own (or "
                         "SCHEMAGATE_TLS=warn where the network itself is trusted)."
                       : "Write sslmode=require, or better sslmode=verify-full with sslrootcert=FILE."};
    if (i.policy.tls != tls_policy::warn)
        result.message += std::string{" SCHEMAGATE_TLS is "} + (wants_verified ? "verify." : "require.");
    i.findings.push_back(std::move(result));
}

} // namespace schemagate::url
