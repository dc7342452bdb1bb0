// A client of the prompt service in one header to copy: Boost 1.81 or newer (Asio, Beast, JSON), C++20.
//
//   prompt_service::client prompts{{.host = "127.0.0.1", .port = "8080", .key = "sgk_..."}};
//   prompt_service::prompt const built_in{.text = "Summarize: {{ text }}"};
//   auto const p = co_await prompts.fetch("support/summary", "production", built_in);
//   auto const done = co_await prompts.render("support/summary", variables);      // done.at("rendered")
//
// From a thread that may block: asio::co_spawn(context, prompts.fetch("a"), asio::use_future).get()
//
// A prompt is kept for as long as the service says (Cache-Control). Afterwards it is handed out while it is
// asked for anew in the background (RFC 5861, stale-while-revalidate), with If-None-Match: an unchanged one
// is a 304. While the service is not reached, what is kept is handed out however old it is, and where nothing
// is, the caller's fallback. What the service refuses (a wrong key, an unknown prompt) is always an error.
//
// Plain HTTP, a connection for each request: to another machine put a proxy that speaks TLS between.
#pragma once

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace prompt_service {

namespace asio = boost::asio;
namespace json = boost::json;

struct options
{
    std::string host = "127.0.0.1";
    std::string port = "8080";
    std::string key{};                        ///< sgk_...; may be empty where the service lets anybody read
    std::chrono::milliseconds timeout{2'000}; ///< of one request; the look-up of a name has the resolver's
    std::chrono::milliseconds retry_after{1'000}; ///< between two attempts to reach a service that is away
};

/// A version of a prompt: a template, not rendered.
struct prompt
{
    std::string name{};
    std::int64_t version = 0; ///< 0: the caller's own
    std::string text{};       ///< of a text prompt
    json::array messages{};   ///< of a chat: [{"role", "content"}, ...]
    json::object config{};
    std::string source = "fallback"; ///< or "database"; or "builtin", the copy in the service
    bool is_stale = false;           ///< older than the service allows: asked for anew, or not reached
};

/// Everything that goes wrong. what() is for a log: no key, no text of a prompt.
class error : public std::runtime_error
{
public:
    error(int with_status, std::string with_code, std::string const& detail, json::object with_problem = {})
        : std::runtime_error{with_code + ": " + detail}, status{with_status}, code{std::move(with_code)},
          problem{std::move(with_problem)}
    {}

    int status;           ///< of HTTP; 0: no answer came
    std::string code;     ///< the service's, or "unreachable", "timeout", "unexpected-answer"
    json::object problem; ///< what the service said: violations, missing, ...

    /// The service has decided; another attempt gets the same.
    [[nodiscard]] bool is_final() const noexcept
    {
        return status >= 400 && status < 500 && status != 408 && status != 429;
    }
};

/// Any number of threads; copies share what is kept, and what runs keeps it alive. Keeps one prompt for each
/// pair of name and label that was asked for. Throws std::invalid_argument for a key that cannot stand in a
/// header.
class client
{
public:
    explicit client(options with) : shared_{std::make_shared<state>()}
    {
        bool const is_sound =
            std::all_of(with.key.begin(), with.key.end(), [](char c) { return c > ' ' && c < 127; });
        if (!is_sound) {
            throw std::invalid_argument{"the key holds a space or a line end"};
        }
        shared_->with = std::move(with);
    }

    /// Throws error: what the service refuses, always; that it was not reached, if there is neither a kept
    /// prompt nor a fallback.
    [[nodiscard]] asio::awaitable<prompt> fetch(std::string name, std::string label = "production",
                                                std::optional<prompt> fallback = std::nullopt) const
    {
        auto target = "/v1/prompts/" + encoded(name) + "?label=" + encoded(label);
        return fetched(shared_, std::move(target), std::move(fallback));
    }

    /// The answer of POST /v1/prompts/NAME/render. `more`: label, version, user_id, session_id, environment,
    /// dry_run. Throws error: 422 `guardrail-blocked` with `violations`, 422 `variables-missing` with
    /// `missing`, and what else there is. Never sent twice, since each is an execution in the log.
    [[nodiscard]] asio::awaitable<json::object> render(std::string name, json::object variables,
                                                       json::object more = {}) const
    {
        more["variables"] = std::move(variables);
        return rendered(shared_, "/v1/prompts/" + encoded(name) + "/render", json::serialize(more));
    }

private:
    using clock = std::chrono::steady_clock;

    struct entry
    {
        std::shared_ptr<prompt const> content{};
        std::string tag{};
        clock::time_point fresh_until{};
        clock::time_point stale_until{}; // until then nobody waits for the new one
        clock::time_point ask_at{};      // before that it is being asked for, or was asked for in vain
    };

    struct state
    {
        options with;
        std::mutex mutex;
        std::map<std::string, entry> entries; // by target
    };

    using reply = boost::beast::http::response<boost::beast::http::string_body>;
    using verb = boost::beast::http::verb;

    // Temporaries are named before they are awaited with: g++ 12 destroys some of them twice.
    static asio::awaitable<prompt> fetched(std::shared_ptr<state> s, std::string target,
                                           std::optional<prompt> fallback)
    {
        std::shared_ptr<prompt const> kept;
        bool ask_aside = false;
        {
            std::lock_guard const lock{s->mutex};
            auto& e = s->entries[target];
            auto const now = clock::now();
            kept = e.content;
            if (kept && now < e.fresh_until) {
                co_return *kept;
            }
            if (now < e.ask_at && (kept || fallback)) {
                co_return kept ? stale(*kept) : *fallback;
            }
            if (kept) {
                ask_aside = now < e.stale_until;
                e.ask_at = now + s->with.timeout + s->with.retry_after;
            }
        }
        auto const executor = co_await asio::this_coro::executor;
        if (ask_aside) {
            asio::co_spawn(executor, refreshed(s, target), asio::detached);
            co_return stale(*kept);
        }
        auto asking = refreshed(s, target);
        try {
            co_return co_await std::move(asking);
        }
        catch (error const& e) {
            if (e.is_final() || (!kept && !fallback)) {
                throw;
            }
        }
        co_return kept ? stale(*kept) : *fallback;
    }

    static prompt stale(prompt p)
    {
        p.is_stale = true;
        return p;
    }

    // Asks the service and keeps what it says.
    static asio::awaitable<prompt> refreshed(std::shared_ptr<state> s, std::string target)
    {
        entry next;
        {
            std::lock_guard const lock{s->mutex};
            next = s->entries[target];
        }
        reply got;
        auto asking = asked(s, verb::get, target, next.tag, {});
        try {
            got = co_await std::move(asking);
        }
        catch (error const& e) {
            std::lock_guard const lock{s->mutex};
            if (e.is_final()) {
                s->entries.erase(target);
            }
            else {
                s->entries[target].ask_at = clock::now() + s->with.retry_after;
            }
            throw;
        }
        if (got.result_int() != 304) {
            next.content = std::make_shared<prompt const>(prompt_in(object_in(got)));
            next.tag = got[boost::beast::http::field::etag];
        }
        std::string const rule = got[boost::beast::http::field::cache_control];
        next.ask_at = clock::now();
        next.fresh_until = next.ask_at + seconds_in(rule, "max-age=");
        next.stale_until = next.fresh_until + seconds_in(rule, "stale-while-revalidate=");
        if (rule.find("no-store") == std::string::npos) {
            std::lock_guard const lock{s->mutex};
            s->entries[target] = next;
        }
        co_return *next.content;
    }

    static asio::awaitable<json::object> rendered(std::shared_ptr<state> s, std::string target,
                                                  std::string body)
    {
        auto asking = asked(std::move(s), verb::post, std::move(target), {}, std::move(body));
        auto const got = co_await std::move(asking);
        co_return object_in(got);
    }

    // On a strand: the timer of a stream is no other thread's.
    static asio::awaitable<reply> asked(std::shared_ptr<state> s, verb method, std::string target,
                                        std::string tag, std::string body)
    {
        auto const executor = co_await asio::this_coro::executor;
        auto const strand = asio::make_strand(executor);
        auto exchange = exchanged(std::move(s), method, std::move(target), std::move(tag), std::move(body));
        auto got = co_await asio::co_spawn(strand, std::move(exchange), asio::use_awaitable);
        if (auto const status = static_cast<int>(got.result_int()); status >= 400) {
            auto problem = object_in(got);
            throw error{status, text_in(problem, "code"), text_in(problem, "detail"), problem};
        }
        co_return got;
    }

    static asio::awaitable<reply> exchanged(std::shared_ptr<state> s, verb method, std::string target,
                                            std::string tag, std::string body)
    {
        namespace http = boost::beast::http;
        auto const& with = s->with;
        http::request<http::string_body> request{method, target, 11, std::move(body)};
        request.set(http::field::host, with.host + ':' + with.port);
        request.set(http::field::connection, "close");
        request.set(http::field::content_type, "application/json");
        if (!with.key.empty()) {
            request.set(http::field::authorization, "Bearer " + with.key);
        }
        if (!tag.empty()) {
            request.set(http::field::if_none_match, tag);
        }
        request.prepare_payload();
        http::response_parser<http::string_body> answer;
        answer.body_limit(64 * 1024 * 1024);
        try {
            auto const executor = co_await asio::this_coro::executor;
            asio::ip::tcp::resolver resolver{executor};
            auto const places = co_await resolver.async_resolve(with.host, with.port, asio::use_awaitable);
            boost::beast::tcp_stream stream{executor};
            stream.expires_after(with.timeout);
            co_await stream.async_connect(places, asio::use_awaitable);
            co_await http::async_write(stream, request, asio::use_awaitable);
            boost::beast::flat_buffer buffer;
            co_await http::async_read(stream, buffer, answer, asio::use_awaitable);
        }
        catch (boost::system::system_error const& e) {
            bool const late = e.code() == boost::beast::error::timeout;
            throw error{0, late ? "timeout" : "unreachable",
                        with.host + ':' + with.port + ": " + e.code().message()};
        }
        co_return answer.release();
    }

    static json::object object_in(reply const& got)
    {
        boost::system::error_code ec;
        auto const parsed = json::parse(got.body(), ec);
        if (ec || !parsed.is_object()) {
            throw error{static_cast<int>(got.result_int()), "unexpected-answer", "no JSON object"};
        }
        return parsed.get_object();
    }

    static std::string text_in(json::object const& from, char const* member)
    {
        auto const* const found = from.if_contains(member);
        return found != nullptr && found->is_string() ? std::string{found->get_string()} : "";
    }

    static prompt prompt_in(json::object const& from)
    try {
        prompt p{text_in(from, "name"), from.at("version").as_int64(), text_in(from, "template")};
        if (auto const* const chat = from.if_contains("messages")) {
            p.messages = chat->as_array();
        }
        p.config = from.at("config").as_object();
        p.source = text_in(from, "source");
        return p;
    }
    catch (std::exception const&) {
        throw error{200, "unexpected-answer", "no prompt"};
    }

    static std::chrono::seconds seconds_in(std::string_view header, std::string_view directive)
    {
        std::int64_t seconds = 0;
        if (auto const at = header.find(directive); at != std::string_view::npos) {
            auto const rest = header.substr(at + directive.size());
            std::from_chars(rest.data(), rest.data() + rest.size(), seconds);
        }
        return std::chrono::seconds{seconds};
    }

    // Every byte but the unreserved ones of RFC 3986, so that a folder's "/" is %2F.
    static std::string encoded(std::string_view text)
    {
        constexpr std::string_view plain =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        constexpr std::string_view digits = "0123456789ABCDEF";
        std::string out;
        for (char const c : text) {
            if (plain.find(c) != std::string_view::npos) {
                out += c;
                continue;
            }
            auto const byte = static_cast<unsigned char>(c);
            out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
        return out;
    }

    std::shared_ptr<state> shared_;
};

} // namespace prompt_service
