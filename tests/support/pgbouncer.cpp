#include "pgbouncer.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "http_get.hpp"
#include "schemagate/testing/unprivileged.hpp"

namespace support {
namespace {

std::string program()
{
    for (auto const* path : {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"}) {
        if (access(path, X_OK) == 0) {
            return path;
        }
    }
    throw std::runtime_error("pgbouncer is missing: apt-get install pgbouncer, or ./dev test, which does");
}

} // namespace

pgbouncer::pgbouncer(private_server& server, std::string const& pool_mode) : port_{free_port()}
{
    std::string const owner = private_server::owner;
    folder_.write("userlist.txt", "\"" + owner + "\" \"" + private_server::password + "\"\n");
    folder_.write("pgbouncer.ini",
                  "[databases]\n* = host=127.0.0.1 port=" + std::to_string(server.port()) +
                      "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " + std::to_string(port_) +
                      "\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = " +
                      (folder_.path() / "userlist.txt").string() + "\npool_mode = " + pool_mode +
                      "\ndefault_pool_size = 20\nserver_lifetime = 600\n");
    schemagate::testing::give_to_unprivileged(folder_.path());
    schemagate::testing::give_to_unprivileged(folder_.path() / "userlist.txt");
    schemagate::testing::give_to_unprivileged(folder_.path() / "pgbouncer.ini");
    auto const log = folder_.path() / "pgbouncer.log";
    pid_ = schemagate::testing::launch_unprivileged({program(), (folder_.path() / "pgbouncer.ini").string()},
                                                    log);
    for (auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};;) {
        try {
            static_cast<void>(query(url("postgres"), "select 1"));
            return;
        }
        catch (std::runtime_error const& e) {
            if (std::chrono::steady_clock::now() > deadline) {
                throw std::runtime_error(std::string{"pgbouncer does not answer: "} + e.what() + "\n" +
                                         content_of(log));
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

pgbouncer::~pgbouncer()
{
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::string pgbouncer::url(std::string const& dbname) const
{
    return "postgresql://" + std::string{private_server::owner} + ":" + private_server::password +
           "@127.0.0.1:" + std::to_string(port_) + "/" + dbname;
}

} // namespace support
