// A host's name that the DNS here does not know: often one that only another network knows.
#include <array>

#include "ascii.hpp"
#include "connect_hints.hpp"

namespace schemagate::url {

namespace {

// A name of one word: a service of compose, of Kubernetes, of a CI job, or a machine of the local network.
std::string single_word_unknown(endpoint_failure const& f)
{
    auto const& where = f.attempt.where;
    auto const kind = describe(where);
    auto const begin = "The name " + f.host() + " is not known here";
    if (kind == "GitHub Actions")
        return begin + ": a service container has its label as a name only for a job that runs in a "
                       "container itself. Otherwise map its port, and write localhost:5432.";
    if (kind == "Kubernetes")
        return begin + ": it must be a service of this namespace. Of another one, write NAME.NAMESPACE.svc."
                       "cluster.local.";
    if (is_systemd_unit(where))
        return begin + ": enter it in the DNS or in /etc/hosts, or use the server's address. With "
                       "PrivateNetwork=yes the unit reaches no name server.";
    return begin + ": in compose it must be a service's name on a shared network (docker run: "
                   "--network=NETWORK), in Kubernetes a service of this namespace (else NAME.NAMESPACE).";
}

} // namespace

std::string name_unknown(endpoint_failure const& f)
{
    if (!f.one)
        return {};
    auto const& name = f.one->host;
    auto const host = f.host();
    auto const ends = [&](std::string_view suffix) { return std::string_view{name}.ends_with(suffix); };
    if (ends(".railway.internal"))
        return host + " resolves only inside Railway, and only at run time: use DATABASE_PUBLIC_URL "
                      "elsewhere and while building.";
    if (ends(".svc") || ends(".svc.cluster.local"))
        return host + " resolves only inside its Kubernetes cluster: compare service and namespace, or use "
                      "kubectl port-forward from outside.";
    if (ends(".flycast"))
        return host + " resolves only inside Fly.io's private network: use fly proxy 5432 elsewhere.";
    if (name == "host.docker.internal")
        return host + " is known inside a container of Docker Desktop: on Linux start the container with "
                      "--add-host=host.docker.internal:host-gateway; outside of one write localhost.";
    if (ends(".internal"))
        return host + " is an internal name: it resolves only inside the provider's own network.";
    if (name.starts_with("dpg-") && !contains(name, '.'))
        return host + " resolves only inside Render, in its region: use the external database URL elsewhere.";
    if (name.starts_with("db.") && ends(".supabase.co"))
        return host + " has an IPv6 address only, or its project is paused: use the session pooler "
                      "(aws-0-REGION.pooler.supabase.com:5432, user postgres.PROJECT_REF).";
    if (!contains(name, '.'))
        return single_word_unknown(f);
    return "The name " + host + " is not known to the DNS here: correct it, or use the server's address.";
}

std::string no_name_server(endpoint_failure const& f)
{
    auto result =
        "No name server answered for " + f.host() +
        "; this will be tried again. If it lasts, the network here has none, or the name is unknown "
        "to it: use the server's address, or compare the network's DNS.";
    if (is_systemd_unit(f.attempt.where))
        result += " With PrivateNetwork=yes or IPAddressDeny= the unit reaches none.";
    return result;
}

} // namespace schemagate::url
