// TLS, where the password and the data travel over a network (SCHEMAGATE_TLS), and where they do not.
//
// libpq's default, sslmode=prefer, goes without a word to plain text if somebody in between says that the
// server has no TLS (PostgreSQL documentation, "34.19.3 Protection Provided in Different Modes").
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "numeric_address.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits tls_on_loopback(inspection const& i);
hits tls_optional(inspection const& i);
hits tls_unverified(inspection const& i);

constexpr auto warn = severity::warn;

constexpr auto table = std::array{
    rule{"tls-on-loopback", severity::note,
         "{name} asks for TLS (sslmode={mode}) from a server on this machine, which often has none.",
         "If it has none, write sslmode=disable; a server on another machine keeps its TLS.",
         tls_on_loopback},
    rule{"tls-not-required", warn,
         "{name} goes over the network to {host} with sslmode={mode}: whoever sits in between can have the "
         "password and "
         "the data in plain text.{policy}",
         "{way}", tls_optional},
    rule{"tls-not-verified", warn,
         "{name} goes over the network to {host} with sslmode={mode}: the server's certificate is not "
         "verified.{policy}",
         "{way}", tls_unverified},
};

bool is_local(endpoint_values const& one)
{
    return one.is_socket() || is_loopback_host(one.hostaddr.empty() ? one.host : one.hostaddr);
}

bool verifies(std::string_view sslmode)
{
    return sslmode == "verify-ca" || sslmode == "verify-full";
}

hits tls_on_loopback(inspection const& i)
{
    auto const& mode = i.effective.value("sslmode");
    auto result = hits{};
    if (mode == "require" || verifies(mode))
        for (auto const& one : i.endpoints.all)
            if (!one.is_socket() && one.usable && is_local(one))
                result.push_back({{{"mode", mode}}});
    return result;
}

hits unprotected(inspection const& i, bool encrypted)
{
    auto const& all = i.endpoints.all;
    auto const remote = std::find_if_not(all.begin(), all.end(), is_local);
    auto const& mode = i.effective.value("sslmode");
    auto const encrypts = mode == "require" || i.effective.value("gssencmode") == "require";
    auto const wants_verified = i.policy.tls == tls_policy::verify;
    if (remote == all.end() || verifies(mode) || encrypts != encrypted || (encrypts && !wants_verified))
        return {};
    auto const warns = i.policy.tls == tls_policy::warn;
    return {{{{"host", i.shown_host(remote->target())},
              {"mode", printable(mode)},
              {"policy",
               warns ? "" : std::string{" SCHEMAGATE_TLS is "} + (wants_verified ? "verify." : "require.")},
              {"way", wants_verified
                          ? "Write sslmode=verify-full, with sslrootcert=FILE for a CA of your own (or "
                            "SCHEMAGATE_TLS=warn where the network itself is trusted)."
                          : "Write sslmode=require, or better sslmode=verify-full with sslrootcert=FILE."}},
             warns ? std::nullopt : std::optional{severity::refuse}}};
}

hits tls_optional(inspection const& i)
{
    return unprotected(i, false);
}

hits tls_unverified(inspection const& i)
{
    return unprotected(i, true);
}

} // namespace

std::span<rule const> transport_rules()
{
    return table;
}

} // namespace schemagate::url
