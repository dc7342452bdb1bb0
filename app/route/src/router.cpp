#include "route/router.hpp"

#include <algorithm>
#include <chrono>

#include "http/request_target.hpp"
#include "identity/api_key.hpp"
#include "json/parse.hpp"

namespace app {
namespace {

// Bytes. What takes as long as a large body may must not keep a connection's thread from answering others.
constexpr std::size_t large_body = std::size_t{32} * 1024;

// A turn that comes later is not taken: with a statement's 5 s the client would be told `timeout` meanwhile
// (after 8 s), and work for clients that are gone would hold up those that are there.
constexpr std::chrono::seconds turn_wait_max{2};

problem too_many_wait()
{
    return unavailable("busy", "Too many requests wait for the database. Nothing was done; try again.", 1);
}

scope scope_for(route::access needs)
{
    switch (needs) {
    case route::access::open: return scope::none;
    case route::access::anonymous:
    case route::access::read: return scope::read;
    case route::access::write: return scope::write;
    case route::access::admin: return scope::admin;
    }
    return scope::admin;
}

// A parameter that we do not know is refused, not ignored: "?lable=staging" must not hand out production's
// text.
void check_query(route const& to, std::vector<std::pair<std::string, std::string>> const& query)
{
    for (auto at = query.begin(); at != query.end(); ++at) {
        parameter const* known = nullptr;
        std::string names;
        for (auto const& p : to.parameters) {
            known = at->first == p.name ? &p : known;
            names.append(names.empty() ? "" : ", ").append(p.name);
        }
        if (known == nullptr) {
            throw problem{400,
                          "unknown-parameter",
                          names.empty()
                              ? "This path takes no parameters in the query."
                              : "A parameter of the query is not known here; there are: " + names + ".",
                          {{"parameter", at->first.substr(0, 100)}}};
        }
        for (auto before = query.begin(); before != at; ++before) {
            if (before->first == at->first) {
                throw problem{
                    400, "invalid-parameter", at->first + " is given twice.", {{"parameter", at->first}}};
            }
        }
        if (auto const fault = fault_of(*known, at->second)) {
            throw problem{
                400, "invalid-parameter", at->first + ' ' + *fault + '.', {{"parameter", at->first}}};
        }
    }
}

bool is_json(std::string_view content_type)
{
    auto const type = content_type.substr(0, content_type.find(';'));
    std::string lower;
    for (char const c : type) {
        if (c != ' ' && c != '\t') {
            lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        }
    }
    return lower.empty() || lower == "application/json";
}

boost::json::value body_of(route const& to, request const& asked)
{
    if (!to.body) {
        if (!asked.body.empty()) {
            throw problem{400, "unexpected-body", "This request takes no body."};
        }
        return nullptr;
    }
    if (!is_json(asked.content_type)) {
        throw problem{415, "unsupported-media-type", "Send the body as Content-Type: application/json."};
    }
    if (asked.body.empty()) {
        throw problem{400, "invalid-json", "A body of JSON is required."};
    }
    return parse_json(asked.body);
}

// A string of RFC 8941, in quotes, as the draft has it; or bare, as most clients send it. "" where it does
// nothing.
std::string idempotency_key_of(route const& to, std::string_view sent)
{
    if (sent.empty() || to.repeats == route::repeating::plain) {
        return {};
    }
    if (to.repeats == route::repeating::refused) {
        throw problem{400, "idempotency-unsupported",
                      "This request takes no Idempotency-Key: its answer is not kept. Send it without."};
    }
    auto key = sent;
    if (key.size() > 1 && key.starts_with('"') && key.ends_with('"')) {
        key = key.substr(1, key.size() - 2);
    }
    bool const is_sound = !key.empty() && key.size() <= 255 &&
                          std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!is_sound) {
        throw problem{400, "invalid-header", "An Idempotency-Key has 1 to 255 visible characters of ASCII."};
    }
    return std::string{key};
}

problem not_allowed(std::vector<std::string> const& methods)
{
    std::string allow;
    for (auto const& method : methods) {
        allow.append(allow.empty() ? "" : ", ").append(method);
        if (method == "GET") {
            allow.append(", HEAD");
        }
    }
    problem p{405, "method-not-allowed", "This path answers: " + allow + "."};
    p.header("Allow", allow);
    return p;
}

} // namespace

struct router::found
{
    route_match match;
    std::vector<std::pair<std::string, std::string>> query;
};

router::router(route_table const& table, router_hooks hooks, std::shared_ptr<spdlog::logger> log)
    : table_{table}, hooks_{std::move(hooks)}, log_{std::move(log)}
{}

router::found router::look_up(request const& asked) const
{
    auto target = parse_target(asked.target);
    found out;
    if (target) {
        out.match = table_.find(asked.method, target->segments);
        out.query = std::move(target->query);
    }
    auto const* const to = out.match.found;
    if (to == nullptr || !to->before_opening) {
        // Shut, every path says so, known or not.
        bool const probe_path = to == nullptr && !out.match.allowed.empty() && [&] {
            auto const get = table_.find("GET", target->segments);
            return get.found != nullptr && get.found->before_opening;
        }();
        if (!probe_path) {
            if (auto const shut = hooks_.shut()) {
                throw *shut;
            }
        }
    }
    if (!target) {
        throw bad_request(
            "The path and the query must be UTF-8, percent-encoded where needed, without U+0000.");
    }
    if (to == nullptr) {
        if (!out.match.allowed.empty()) {
            throw not_allowed(out.match.allowed);
        }
        throw not_found("There is nothing at this path; /openapi.json lists what there is.");
    }
    return out;
}

principal router::authenticate(request const& asked, route const& to) const
{
    if (to.needs == route::access::open) {
        return {"", "anonymous", scope::none};
    }
    principal who{"", "anonymous", scope::none};
    if (asked.authorization.empty()) {
        if (to.needs == route::access::anonymous && hooks_.anonymous_may_read) {
            return who;
        }
        problem p{401, "key-required", "This request needs a key: Authorization: Bearer sgk_..."};
        p.header("WWW-Authenticate", "Bearer");
        throw p;
    }
    auto const key = key_in(asked.authorization);
    auto const holder = key ? hooks_.holder_of(*key) : std::nullopt;
    if (!holder) {
        problem p{
            401, "key-invalid",
            "The key is not known, revoked or expired. An administrator makes a new one with: prompt-service "
            "keys create --scope read --name NAME"};
        p.header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        throw p;
    }
    who = *holder;
    if (who.may < scope_for(to.needs)) {
        throw problem{403,
                      "scope-insufficient",
                      "The key may " + std::string{name_of(who.may)} + "; this request needs " +
                          std::string{name_of(scope_for(to.needs))} + ".",
                      {{"needs", name_of(scope_for(to.needs))}}};
    }
    return who;
}

// Here and not in admit(), which a request that has come whole does not need.
void router::require_token(route const& to, principal const& who) const
{
    if (!hooks_.wait_of || to.needs == route::access::open) {
        return;
    }
    if (auto const wait = hooks_.wait_of(who.id); wait != 0) {
        throw problem{429, "rate-limited", "This key asks more often than it may. Try again later."}.header(
            "Retry-After", std::to_string(wait)); // RFC 6585, section 4
    }
}

admission router::admit(request const& head) const
{
    admission out;
    try {
        auto const to = look_up(head).match.found;
        (void)authenticate(head, *to);
        out.is_probe = to->is_probe;
        out.body_limit = to->body_limit;
    }
    catch (problem const& p) {
        out.refused = answer_of(p, head.id);
    }
    return out;
}

answer router::guarded(route const& to, std::string_view request_id,
                       std::function<answer()> const& work) const noexcept
{
    answer a;
    try {
        a = work();
    }
    catch (problem const& p) {
        a = answer_of(p, request_id);
    }
    catch (json_error const& e) {
        a = answer_of({400, "invalid-json", e.what()}, request_id);
    }
    catch (decode_error const& e) {
        a = answer_of({400,
                       "invalid-field",
                       (e.path().empty() ? "The body" : e.path()) + ' ' + e.what() + '.',
                       {{"path", e.path()}}},
                      request_id);
    }
    catch (std::exception const& e) {
        auto const known = hooks_.problem_of(e);
        if (!known) {
            log_->error("http route={} outcome=failed request_id={} detail=\"{}\"", to.pattern, request_id,
                        e.what());
        }
        a = answer_of(known ? *known : internal_error(), request_id);
    }
    a.route = to.pattern;
    return a;
}

void router::handle(request asked, respond then) const
{
    route const* to = nullptr;
    call made;
    try {
        auto where = look_up(asked);
        to = where.match.found;
        made.path = std::move(where.match.path);
        made.query = std::move(where.query);
    }
    catch (problem const& p) {
        return then(answer_of(p, asked.id));
    }
    auto const id = asked.id;
    auto const prepared = guarded(*to, id, [&] {
        made.who = authenticate(asked, *to);
        require_token(*to, made.who);
        check_query(*to, made.query);
        asked.idempotency_key = idempotency_key_of(*to, asked.idempotency_key);
        made.body = body_of(*to, asked);
        return answer{};
    });
    if (prepared.status != 200) {
        return then(prepared);
    }
    bool const is_large = asked.body.size() > large_body;
    made.asked = std::move(asked);
    auto const* const blocking = std::get_if<database_handler>(&to->handler);
    if (!is_large && blocking == nullptr) {
        return run_handler(*to, id, std::move(made), then);
    }
    auto const refuse = [to, id, then] {
        auto a = answer_of(too_many_wait(), id);
        a.route = to->pattern;
        then(std::move(a));
    };
    auto run = [this, to, id, then, refuse, since = std::chrono::steady_clock::now(),
                made = std::move(made)]() mutable {
        if (std::chrono::steady_clock::now() - since > turn_wait_max) {
            return refuse();
        }
        run_handler(*to, id, std::move(made), then);
    };
    bool const aside = blocking != nullptr && blocking->is_analysis;
    if (!(aside ? hooks_.run_analysis : hooks_.run_later)(std::move(run))) {
        refuse();
    }
}

void router::run_handler(route const& to, std::string const& id, call made, respond const& then) const
{
    if (auto const* const from_memory = std::get_if<memory_handler>(&to.handler)) {
        return then(guarded(to, id, [&] { return (*from_memory)(made); }));
    }
    if (auto const* const blocking = std::get_if<database_handler>(&to.handler)) {
        return then(guarded(to, id, [&] { return blocking->run(made); }));
    }
    auto a = guarded(to, id, [&] {
        std::get<later_handler>(to.handler)(std::move(made), [&to, then](answer done) {
            done.route = to.pattern;
            then(std::move(done));
        });
        return answer{};
    });
    if (a.status != 200) {
        then(std::move(a));
    }
}

} // namespace app
