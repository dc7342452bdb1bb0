#include "http/access_log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace app {
namespace {

// Beast accepts any visible byte in a target: quotes would tear the field apart, and a key may stand in the
// wrong place.
std::string shown_path(std::string_view target)
{
    std::string path{target.substr(0, target.find_first_of("?#"))};
    if (path.size() > 512) {
        path = path.substr(0, 512) + "...";
    }
    for (char& c : path) {
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x21 ||
            static_cast<unsigned char>(c) > 0x7E) {
            c = '_';
        }
    }
    for (auto at = path.find("sgk_"); at != std::string::npos; at = path.find("sgk_", at + 4)) {
        auto const end = path.find_first_of("/:;,&=", at);
        path.replace(at, (end == std::string::npos ? path.size() : end) - at, "sgk_***");
    }
    return path;
}

std::string_view trace_id(std::string_view traceparent)
{
    // 00-<32 hex digits>-<16>-<2>: W3C Trace Context §3.2
    return traceparent.size() == 55 &&
                   traceparent.find_first_not_of("0123456789abcdef-") == std::string_view::npos
               ? traceparent.substr(3, 32)
               : std::string_view{};
}

} // namespace

void access_log::write(exchange const& done) const
{
    if (!log_->should_log(spdlog::level::info)) {
        return;
    }
    auto const path = shown_path(done.asked.target);
    auto const microseconds = std::chrono::duration_cast<std::chrono::microseconds>(done.elapsed).count();
    auto const trace = trace_id(done.asked.traceparent);
    if (format_ == access_log_format::json) {
        boost::json::object line{{"event", "http_request"},
                                 {"method", done.asked.method},
                                 {"path", path},
                                 {"route", done.answered.route},
                                 {"status", done.answered.status},
                                 {"bytes", done.answered.body.size()},
                                 {"elapsed_us", microseconds},
                                 {"request_id", done.asked.id}};
        if (!trace.empty()) {
            line["trace_id"] = trace;
        }
        return log_->info("{}", boost::json::serialize(line));
    }
    log_->info("http method={} path=\"{}\" status={} bytes={} elapsed_us={} request_id={}{}{}",
               done.asked.method, path, done.answered.status, done.answered.body.size(), microseconds,
               done.asked.id, trace.empty() ? "" : " trace_id=", trace);
}

} // namespace app
