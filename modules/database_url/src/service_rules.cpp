// A connection service (PostgreSQL documentation, "34.17 The Connection Service File").
#include <array>

#include "inspection.hpp"
#include "rule.hpp"

namespace schemagate::url {

namespace {

hits service_refused(inspection const& i);
hits service_missing(inspection const& i);
hits service_unknown(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto name_directly =
    "Name host, port, user and dbname directly, or set PGSERVICEFILE to the file that holds "
    "the service.";

constexpr auto table = std::array{
    rule{"service-file-refused", refuse,
         "{who} names a connection service, but libpq will not read its file: it is missing or unreadable, "
         "or a line of "
         "the service is not KEYWORD=value with a keyword of libpq's.",
         "Correct the file that PGSERVICEFILE names (else ~/.pg_service.conf), or name host, port, user and "
         "dbname "
         "directly.",
         service_refused},
    rule{"service-not-found", refuse, "{who} names a connection service that libpq finds in no service file.",
         name_directly, service_missing},
    rule{"service-not-found", warn, "{who} names a connection service that is in no service file known here.",
         name_directly, service_unknown},
};

hits service_refused(inspection const& i)
{
    return when(i.effective.service_refused(), {{"who", i.said_by("service")}});
}

// libpq may know a folder that was compiled into it, so it is asked itself.
std::optional<bool> service_known(inspection const& i)
{
    if (!i.effective.service_unknown() || i.effective.service_refused())
        return true;
    auto const& named = i.effective.value("service");
    return i.where.libpq_finds_service(named.empty() ? i.where.variable("PGSERVICE").value_or("") : named);
}

hits service_missing(inspection const& i)
{
    return when(service_known(i) == false, {{"who", i.said_by("service")}});
}

hits service_unknown(inspection const& i)
{
    return when(!service_known(i), {{"who", i.said_by("service")}});
}

} // namespace

std::span<rule const> service_rules()
{
    return table;
}

} // namespace schemagate::url
