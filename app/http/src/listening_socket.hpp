// The socket on which the server waits for clients.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <string>

namespace app {

/// `address`: an address, in brackets or not, or a name that resolves to one. Throws
/// schemagate::failure{errc::address_in_use} if it cannot be bound.
[[nodiscard]] boost::asio::ip::tcp::acceptor
listen_on(boost::asio::strand<boost::asio::io_context::executor_type> const& executor,
          std::string const& address, unsigned short port);

} // namespace app
