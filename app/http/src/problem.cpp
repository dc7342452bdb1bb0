#include "http/problem.hpp"

#include <boost/json/serialize.hpp>

namespace app {
namespace {

struct status_title
{
    int status;
    std::string_view title;
};

constexpr status_title titles[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

std::string_view title_of(int status)
{
    for (auto const& row : titles) {
        if (row.status == status) {
            return row.title;
        }
    }
    return "Error";
}

} // namespace

answer answer_of(problem const& p, std::string_view request_id)
{
    boost::json::object body;
    body["type"] = "urn:prompt-service:problem:" + p.code;
    body["title"] = title_of(p.status);
    body["status"] = p.status;
    body["detail"] = p.detail;
    body["code"] = p.code;
    body["request_id"] = request_id;
    for (auto const& member : p.more) {
        body[member.key()] = member.value();
    }
    answer a;
    a.status = p.status;
    a.content_type = "application/problem+json";
    a.body = boost::json::serialize(body);
    a.with("Cache-Control", "no-store");
    a.headers.insert(a.headers.end(), p.headers.begin(), p.headers.end());
    return a;
}

problem unavailable(std::string code, std::string detail, int retry_after, boost::json::object more)
{
    problem p{503, std::move(code), std::move(detail), std::move(more)};
    p.header("Retry-After", std::to_string(retry_after));
    return p;
}

problem bad_request(std::string detail)
{
    return {400, "bad-request", std::move(detail)};
}

problem not_found(std::string detail)
{
    return {404, "not-found", std::move(detail)};
}

problem internal_error()
{
    return {500, "internal", "The request could not be answered; the service's log says why."};
}

} // namespace app
