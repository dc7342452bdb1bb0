// TLS: one side asks for it, and the other does not have it, or not so.
#include "ascii.hpp"
#include "connect_hints.hpp"
#include "shown.hpp"

namespace schemagate::url {

std::string server_without_tls(endpoint_failure const& f)
{
    return "The server has no TLS, but sslmode is " + printable(f.attempt.settings.sslmode) +
           ": turn TLS on there. Write sslmode=disable only for a server on this machine or in a network you "
           "own.";
}

std::string tls_required(endpoint_failure const& f)
{
    return "The server admits the user " + f.attempt.user() +
           " only with TLS: write ?sslmode=require (or verify-full).";
}

std::string certificate_refused(endpoint_failure const& f)
{
    if (contains(f.attempt.text, "does not match host name"))
        return "The server's certificate is for another host name: connect by the name that is in it, or use "
               "sslmode=verify-ca where the provider's certificates name no host (Cloud SQL).";
    return "The server's certificate was not signed by the root certificate in use: name the provider's own "
           "with sslrootcert=/PATH/root.crt.";
}

std::string root_certificate_missing(endpoint_failure const& f)
{
    return "sslmode=" + printable(f.attempt.settings.sslmode) +
           " needs the provider's root certificate in the image: name it with sslrootcert=/PATH/root.crt.";
}

std::string channel_binding_refused(endpoint_failure const&)
{
    return "channel_binding=require is asked for, but the other side does not offer it (a pooler such as "
           "PgBouncer, or a connection without TLS): write channel_binding=prefer, or go past the pooler.";
}

std::string client_key_refused(endpoint_failure const&)
{
    return "libpq does not take the private key of the client certificate: it is missing, no file, or others "
           "may read it. "
           "Name it (sslkey=/PATH/client.key) and chmod 0600 it (0640 if root owns it); in Kubernetes mount "
           "the secret "
           "with defaultMode: 0600.";
}

} // namespace schemagate::url
