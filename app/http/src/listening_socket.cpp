#include "listening_socket.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include "schemagate/failure.hpp"

namespace app {

namespace asio = boost::asio;
using asio::ip::tcp;
using error = boost::system::error_code;

namespace {

schemagate::failure cannot_listen(std::string const& host, unsigned short port, error ec)
{
    auto const where = host + ":" + std::to_string(port);
    std::string fix = "Set HOST to an address of this machine, 0.0.0.0 for all, and PORT to a free port.";
    if (ec == asio::error::address_in_use) {
        fix =
            "Stop the process that listens there (ss -ltnp shows it), or set PORT or --port to a free port.";
    }
    else if (ec == asio::error::access_denied) {
        fix = "Ports below 1024 need a privilege; set PORT or --port to a higher one.";
    }
    return {schemagate::errc::address_in_use, "cannot listen on " + where + ": " + ec.message() + ".", fix};
}

} // namespace

tcp::acceptor listen_on(asio::strand<asio::io_context::executor_type> const& executor,
                        std::string const& address, unsigned short port)
{
    auto host = address;
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    error ec;
    tcp::endpoint endpoint{asio::ip::make_address(host, ec), port};
    if (ec) {
        tcp::resolver resolver{executor};
        auto const found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
        if (ec || found.empty()) {
            throw cannot_listen(address, port, ec);
        }
        endpoint = found.begin()->endpoint();
    }
    tcp::acceptor acceptor{executor};
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) {
        acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
    }
    if (!ec && endpoint.protocol() == tcp::v6()) {
        acceptor.set_option(asio::ip::v6_only{false}, ec);
    }
    if (!ec) {
        acceptor.bind(endpoint, ec);
    }
    if (!ec) {
        acceptor.listen(tcp::acceptor::max_listen_connections, ec);
    }
    if (ec) {
        throw cannot_listen(address, port, ec);
    }
    return acceptor;
}

} // namespace app
