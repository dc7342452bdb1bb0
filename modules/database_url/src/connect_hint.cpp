// The hint that belongs to a failed attempt to connect: the SQLSTATE decides where there is one; else libpq's
// text, which is only searched and never quoted. Where neither tells (a translated text), the place is asked.
#include <array>

#include "schemagate/database_url.hpp"

#include "ascii.hpp"
#include "connect_hints.hpp"

namespace schemagate {

namespace url {

namespace {

struct hint
{
    std::string_view sqlstate; ///< "" for any, or none
    std::string_view part;     ///< of libpq's text; "" if the SQLSTATE says it all
    std::string (*say)(endpoint_failure const&);
};

// The narrower before the wider: a pooler gives an unknown database or user the server's SQLSTATEs or others.
constexpr auto hints = std::array{
    hint{"", "unsupported startup parameter", startup_parameter_refused},
    hint{"", "no such database", unknown_to_pooler},
    hint{"", "no such user", unknown_to_pooler},
    hint{"", "Tenant or user not found", tenant_unknown},
    hint{"", "tenant/user", tenant_unknown},
    hint{"", "no tenant identifier", tenant_unknown},
    hint{"", "no more connections allowed", pooler_full},
    hint{"", "max clients reached", pooler_full},
    hint{"", "Max client connections reached", pooler_full},
    hint{"", "query_wait_timeout", pooler_full},
    hint{"", "server login has been failing", pooler_without_server},
    hint{"", "server_login_retry", pooler_without_server},
    hint{"", "cannot connect to server", pooler_without_server},
    hint{"", "Endpoint ID is not specified", neon_endpoint_unnamed},
    hint{"28P01", "", password_refused},
    hint{"28000", "", not_authorised},
    hint{"3D000", "", database_missing},
    hint{"53300", "", too_many},
    hint{"57P03", "", starting_up},
    hint{"", "password authentication failed", password_refused},
    hint{"", "no password supplied", password_absent},
    hint{"", "no pg_hba.conf entry", not_admitted},
    hint{"", "SSL connection is required", tls_required},
    hint{"", "too many clients", too_many},
    hint{"", "too many connections", too_many},
    hint{"", "remaining connection slots", too_many},
    hint{"", "the database system is", starting_up},
    hint{"", "server does not support SSL", server_without_tls},
    hint{"", "invalid response to SSL negotiation", not_postgresql},
    hint{"", "expected authentication request from server", not_postgresql},
    hint{"", "channel binding", channel_binding_refused},
    hint{"", "private key file", client_key_refused},
    hint{"", "definition of service", service_not_found},
    hint{"", "service file", service_not_found},
    hint{"", "root certificate file", root_certificate_missing},
    hint{"", "certificate verify failed", certificate_refused},
    hint{"", "does not match host name", certificate_refused},
    hint{"", "Temporary failure in name resolution", no_name_server},
    hint{"", "could not translate host name", name_unknown},
    hint{"", "Name or service not known", name_unknown},
    hint{"", "Address family not supported", family_forbidden},
    hint{"", "timeout expired", no_answer},
    hint{"", "timed out", no_answer},
    hint{"", "No route to host", no_answer},
    hint{"", "Network is unreachable", no_answer},
    hint{"", "Cannot assign requested address", no_answer},
    hint{"", "Connection refused", refused},
    hint{"", "No such file or directory", socket_absent},
    hint{"", "Permission denied", forbidden},
    hint{"", "Operation not permitted", forbidden},
};

// Only for sockets and addresses, which can be asked without a packet or a wait.
std::string hint_of_place(connect_attempt const& a)
{
    for (auto const& one : a.settings.endpoints) {
        auto f = endpoint_failure{a, &one, one.transport == transport::tcp ? one.host : std::string{}};
        if (f.is_socket())
            switch (a.where.probe_socket(one.host + "/.s.PGSQL." + one.port)) {
            case socket_answer::absent: return socket_absent(f);
            case socket_answer::refused: return socket_refused(f);
            case socket_answer::forbidden: return socket_forbidden(f);
            default: continue;
            }
        switch (a.where.route_to(one.host)) {
        case route_kind::absent: return no_answer(f);
        case route_kind::forbidden: return family_forbidden(f);
        default: continue;
        }
    }
    return {};
}

} // namespace

} // namespace url

std::string connect_hint(connection_settings const& settings, place const& where, std::string_view sqlstate,
                         std::string_view libpq_text)
{
    auto const a = url::connect_attempt{settings, where, libpq_text};
    for (auto const& one : url::hints)
        if (one.sqlstate.empty() ? url::contains(libpq_text, one.part) : sqlstate == one.sqlstate)
            return one.say(failure_at(a, one.part.empty() ? libpq_text.npos : libpq_text.find(one.part)));
    // Without verbose errors libpq gives no SQLSTATE for a refusal while connecting, so these words have to
    // do.
    if (url::contains(libpq_text, "does not exist")) {
        auto const f = failure_at(a, libpq_text.npos);
        return url::contains(libpq_text, "database \"") ? url::database_missing(f) : url::role_missing(f);
    }
    return sqlstate.empty() ? url::hint_of_place(a) : std::string{};
}

} // namespace schemagate
