// The hints themselves, one for each cause; which one it is, connect_hint.cpp decides.
#pragma once

#include <string>

#include "connect_attempt.hpp"

namespace schemagate::url {

// login_hints.cpp: the server answered, and does not let this user in.
[[nodiscard]] std::string password_refused(endpoint_failure const& f);
[[nodiscard]] std::string password_absent(endpoint_failure const& f);
[[nodiscard]] std::string not_authorised(endpoint_failure const& f); ///< SQLSTATE class 28, of several causes
[[nodiscard]] std::string not_admitted(endpoint_failure const& f);   ///< by no line of pg_hba.conf
[[nodiscard]] std::string role_missing(endpoint_failure const& f);
[[nodiscard]] std::string database_missing(endpoint_failure const& f);
[[nodiscard]] std::string too_many(endpoint_failure const& f);
[[nodiscard]] std::string starting_up(endpoint_failure const& f);
[[nodiscard]] std::string service_not_found(endpoint_failure const& f);

// pooler_hints.cpp: a pooler or a provider's proxy answered instead of the server.
[[nodiscard]] std::string startup_parameter_refused(endpoint_failure const& f);
[[nodiscard]] std::string unknown_to_pooler(endpoint_failure const& f);
[[nodiscard]] std::string tenant_unknown(endpoint_failure const& f);
[[nodiscard]] std::string pooler_full(endpoint_failure const& f);
[[nodiscard]] std::string pooler_without_server(endpoint_failure const& f);
[[nodiscard]] std::string neon_endpoint_unnamed(endpoint_failure const& f);

// tls_hints.cpp
[[nodiscard]] std::string server_without_tls(endpoint_failure const& f);
[[nodiscard]] std::string tls_required(endpoint_failure const& f);
[[nodiscard]] std::string certificate_refused(endpoint_failure const& f);
[[nodiscard]] std::string root_certificate_missing(endpoint_failure const& f);
[[nodiscard]] std::string channel_binding_refused(endpoint_failure const& f);
[[nodiscard]] std::string client_key_refused(endpoint_failure const& f);

// name_hints.cpp: the DNS
[[nodiscard]] std::string name_unknown(endpoint_failure const& f);
[[nodiscard]] std::string no_name_server(endpoint_failure const& f);

// route_hints.cpp: the way to an address
[[nodiscard]] std::string no_answer(endpoint_failure const& f);
[[nodiscard]] std::string refused(endpoint_failure const& f);        ///< of a socket, too
[[nodiscard]] std::string not_postgresql(endpoint_failure const& f); ///< something else answers
[[nodiscard]] std::string family_forbidden(endpoint_failure const& f);
[[nodiscard]] std::string forbidden(endpoint_failure const& f); ///< of a socket, too

// socket_hints.cpp: Unix sockets
[[nodiscard]] std::string socket_absent(endpoint_failure const& f);
[[nodiscard]] std::string socket_refused(endpoint_failure const& f);
[[nodiscard]] std::string socket_forbidden(endpoint_failure const& f);

} // namespace schemagate::url
