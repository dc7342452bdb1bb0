// The end of a connection whose client may still be sending.
#pragma once

#include "client_connection.hpp"

namespace app {

/// Closing while unread bytes lie in the socket resets the connection, and the reset may overtake our answer:
/// says that nothing more comes, and reads on, for 2 s and 256 KiB at most, until the client has seen it.
void close_lingering(client_socket socket);

} // namespace app
