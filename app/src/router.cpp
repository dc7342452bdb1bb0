#include "router.hpp"

#include <boost/json/parse.hpp>
#include <string>
#include <vector>

#include "problem.hpp"

namespace app {
namespace {

constexpr std::string_view readable = "GET, HEAD";

bool is_read(request const& asked)
{
    return asked.method == "GET" || asked.method == "HEAD";
}

answer probe(schemagate::probe_answer from_gate, request const& asked)
{
    if (!is_read(asked)) {
        return method_not_allowed(readable);
    }
    answer a;
    a.status = from_gate.status;
    a.body = std::move(from_gate.body);
    a.with("Cache-Control", "no-store");
    if (a.status == 503) {
        a.with("Retry-After", std::to_string(schemagate::gate::retry_after_seconds()));
    }
    return a;
}

answer exposition(std::function<std::string()> const& metrics, request const& asked)
{
    if (!is_read(asked)) {
        return method_not_allowed(readable);
    }
    answer a;
    a.content_type = "text/plain; version=0.0.4; charset=utf-8"; // Prometheus: text-based format
    a.body = metrics();
    a.with("Cache-Control", "no-store");
    return a;
}

answer shut(schemagate::gate const& gate)
{
    boost::system::error_code ec;
    auto const report = boost::json::parse(gate.readyz().body, ec);
    boost::json::object more;
    if (auto const* const fields = report.if_object()) {
        if (auto const* const state = fields->if_contains("state")) {
            more["state"] = *state;
        }
    }
    return unavailable("gate-shut", "The service is starting; /readyz says how far it has come.",
                       schemagate::gate::retry_after_seconds(), std::move(more));
}

} // namespace

reply router::route(request const& asked) const
{
    auto const target = parse_target(asked.target);
    auto const path = target ? target->segments : std::vector<std::string>{};
    if (path == std::vector<std::string>{"livez"}) {
        return probe(gate_.livez(), asked);
    }
    if (path == std::vector<std::string>{"readyz"}) {
        return probe(gate_.readyz(), asked);
    }
    if (path == std::vector<std::string>{"v1", "gate"}) {
        return probe(gate_.status(asked.authorization), asked);
    }
    if (metrics_ && path == std::vector<std::string>{"metrics"}) {
        return exposition(metrics_, asked);
    }
    if (!gate_.is_open()) {
        return shut(gate_);
    }

    if (!target) {
        return bad_request(
            "The path and the query must be UTF-8, percent-encoded where needed, without NUL.");
    }
    bool const prompts = path.size() >= 2 && path[0] == "v1" && path[1] == "prompts";
    bool const list = prompts && path.size() == 2;
    bool const one = prompts && path.size() == 3 && !path[2].empty();
    if (!list && !one) {
        return not_found("There is nothing at this path.");
    }
    if (!is_read(asked)) {
        return method_not_allowed(readable);
    }
    return list ? prompts_.list(asked, *target) : prompts_.find(asked, *target, path[2]);
}

} // namespace app
