// The whole of what a backend writes: with --once it migrates and says what it applied; without, it opens its
// port when, and only when, the schema is there, and greets one client.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <schemagate/boot.hpp>
#include <schemagate/schemagate.hpp>
#include <string_view>

int main(int argc, char* argv[])
{
    using tcp = boost::asio::ip::tcp;
    try {
        auto with = schemagate::settings::from_environment();
        with.application = "foreign-backend";
        if (argc > 1 && std::string_view{argv[1]} == "--once") {
            auto const report = schemagate::run(with, schemagate::embedded_catalog());
            for (auto const& name : report.applied()) {
                std::cout << "applied " << name << '\n';
            }
            return EXIT_SUCCESS;
        }
        boost::asio::io_context io;
        schemagate::gate gate{io.get_executor()};
        std::optional<tcp::acceptor> acceptor;
        gate.on_open([&] {
            acceptor.emplace(io, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0});
            std::cout << "listening on port " << acceptor->local_endpoint().port() << std::endl;
            acceptor->async_accept([](boost::system::error_code failed, tcp::socket client) {
                boost::asio::write(client, boost::asio::buffer("hello\n", 6),
                                   failed); // one client, then the end
            });
        });
        schemagate::boot(io, gate, with, schemagate::embedded_catalog());
        io.run();
        return EXIT_SUCCESS;
    }
    catch (schemagate::failure const& f) {
        return schemagate::report(f);
    }
}
