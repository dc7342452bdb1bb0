#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schemagate/testing/private_postgres.hpp"

namespace schemagate::testing {

int free_port()
{
    int const probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    bool const found = probe >= 0 && bind(probe, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0 &&
                       getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    if (probe >= 0) {
        close(probe);
    }
    if (!found) {
        throw std::runtime_error("no free port on 127.0.0.1");
    }
    return ntohs(at.sin_port);
}

} // namespace schemagate::testing
