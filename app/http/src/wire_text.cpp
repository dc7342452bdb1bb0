#include "wire_text.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http.hpp>
#include <ctime>

namespace app {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// RFC 9110 §5.6.7. Made anew once a second by each thread.
std::string const& http_date()
{
    thread_local std::time_t made = 0;
    thread_local std::string text;
    if (auto const now = std::time(nullptr); now != made) {
        std::tm parts{};
        std::array<char, 40> buffer{};
        ::gmtime_r(&now, &parts);
        std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        text = buffer.data();
        made = now;
    }
    return text;
}

} // namespace

std::string wire_text(answer a, request const& asked, unsigned http_version, bool keep_alive)
{
    http::response<http::string_body> out;
    out.result(static_cast<unsigned>(a.status));
    out.version(http_version);
    out.keep_alive(keep_alive);
    out.set(http::field::date, http_date());
    out.set("X-Request-Id", asked.id);
    if (!a.body.empty()) {
        out.set(http::field::content_type, a.content_type);
    }
    for (auto const& [name, value] : a.headers) {
        out.set(name, value);
    }
    if (a.status != 304 && a.status != 204) {
        out.content_length(a.body.size());
        if (asked.method != "HEAD") {
            out.body() = std::move(a.body);
        }
    }
    http::response_serializer<http::string_body> serializer{out};
    std::string text;
    while (!serializer.is_done()) {
        beast::error_code ec;
        serializer.next(ec, [&](beast::error_code&, auto const& buffers) {
            std::size_t size = 0;
            for (auto const buffer : beast::buffers_range_ref(buffers)) {
                text.append(static_cast<char const*>(buffer.data()), buffer.size());
                size += buffer.size();
            }
            serializer.consume(size);
        });
        if (ec) {
            break; // only a body that cannot be read would fail, and a string can
        }
    }
    return text;
}

} // namespace app
