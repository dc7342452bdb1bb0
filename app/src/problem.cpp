#include "problem.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

namespace app {
namespace {

std::string_view title_of(int status)
{
    switch (status) {
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Error";
    }
}

} // namespace

answer problem(int status, std::string_view kind, std::string_view detail, boost::json::object more)
{
    boost::json::object body;
    body["type"] = "urn:prompt-service:problem:" + std::string{kind};
    body["title"] = title_of(status);
    body["status"] = status;
    body["detail"] = detail;
    for (auto& member : more) {
        body[member.key()] = std::move(member.value());
    }
    answer a;
    a.status = status;
    a.content_type = "application/problem+json";
    a.body = boost::json::serialize(body);
    a.with("Cache-Control", "no-store");
    return a;
}

answer unavailable(std::string_view kind, std::string_view detail, int retry_after, boost::json::object more)
{
    auto a = problem(503, kind, detail, std::move(more));
    a.with("Retry-After", std::to_string(retry_after));
    return a;
}

answer bad_request(std::string_view detail)
{
    return problem(400, "bad-request", detail);
}

answer not_found(std::string_view detail)
{
    return problem(404, "not-found", detail);
}

answer method_not_allowed(std::string_view allowed)
{
    auto a = problem(405, "method-not-allowed", "This path answers: " + std::string{allowed} + ".");
    a.with("Allow", std::string{allowed});
    return a;
}

answer internal_error()
{
    return problem(500, "internal", "The request could not be answered; the service's log says why.");
}

} // namespace app
