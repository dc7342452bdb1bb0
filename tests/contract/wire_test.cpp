// HTTP itself: sizes, halves, pieces, pipelines, content types, and the ids of requests.
#include "operations.hpp"

#include <tuple>

using namespace contract;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

// A preview whose body has exactly this many bytes.
std::string preview_of(std::size_t size)
{
    std::string const head = R"({"template":"x","variables":{"a":")";
    std::string const tail = "\"}}";
    return head + std::string(size - head.size() - tail.size(), 'v') + tail;
}

std::string import_of(std::size_t size)
{
    std::string const head = R"({"format":"prompt-service/1","prompts":[],"guardrails":[])";
    return head + std::string(size - head.size() - 1, ' ') + '}';
}

} // namespace

TEST_CASE("a body of the limit is taken, one byte more is 413")
{
    auto& at = shared();
    CHECK(at.service.ask({"POST", "/v1/preview", preview_of(mebibyte), at.read}).status == 200);
    auto const more = at.service.ask({"POST", "/v1/preview", preview_of(mebibyte + 1), at.read});
    CHECK(more.status == 413);
    CHECK(more.code() == "content-too-large");
    support::http_client client{at.service.port()};
    for (auto const& [size, status] : {std::pair{mebibyte, 200}, std::pair{mebibyte + 1, 413}}) {
        client.send(
            "POST /v1/preview HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: "
            "chunked\r\n\r\n" +
            support::chunked(preview_of(size), 30'000));
        answer const a{client.read()};
        CHECK(a.status == status);
        CHECK(broken_rule(a).empty());
    }
}

TEST_CASE("an import may have 64 MiB")
{
    auto& at = shared();
    auto const a = at.service.ask({"POST", "/v1/import?dry_run=true", import_of(64 * mebibyte), at.admin});
    INFO(a.body.substr(0, 300));
    CHECK(a.status == 200);
    CHECK(
        at.service.ask({"POST", "/v1/import?dry_run=true", import_of(64 * mebibyte + 1), at.admin}).status ==
        413);
    // Who may not import does not get to send it all.
    CHECK(at.service.ask({"POST", "/v1/import", import_of(8 * mebibyte), at.read}).status == 403);
    CHECK(at.service.ask({"POST", "/v1/import", import_of(8 * mebibyte), "sgk_none"}).status == 401);
}

TEST_CASE("a length that lies is 4xx, or the connection's end")
{
    auto& at = shared();
    for (std::string const length :
         {"-1", "1x", "18446744073709551616", "99999999999999999999", "0x10", " ", "1, 2"}) {
        support::http_client client{at.service.port()};
        client.send("POST /v1/preview HTTP/1.1\r\nHost: h\r\nContent-Length: " + length + "\r\n\r\n{}");
        answer const a{client.read()};
        INFO(length << " -> " << a.status);
        CHECK(a.status >= 400);
        CHECK(a.status < 500);
        CHECK(broken_rule(a).empty());
    }
    support::http_client client{at.service.port()};
    client.send(
        "POST /v1/preview HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\n{}\r\n0\r\n\r\n");
    answer const both{client.read()};
    CHECK(both.status == 400); // RFC 9112 §6.1: what smuggling is made of
    support::http_client two{at.service.port()};
    two.send("POST /v1/preview HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ");
    CHECK(two.read().status == 400);
}

TEST_CASE("what is no HTTP is 400 as problem+json, and harms nobody")
{
    auto& at = shared();
    for (std::string const& bytes :
         {std::string{"hello\r\n\r\n"}, std::string{"GET / HTTP/9.9\r\nHost: h\r\n\r\n"},
          std::string{"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"},
          std::string{"GET / HTTP/1.1\r\nHost : h\r\n\r\n"}, "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n"s,
          "\x16\x03\x01\x02\0\x01\0\r\n\r\n"s, std::string{"GET / HTTP/1.1\r\n\r\n"},
          std::string{"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
          "POST /v1/preview HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" +
              std::string(10, 'x'),
          std::string{"POST /v1/preview HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                      "chunked\r\n\r\nffffffffffffffffff\r\n"},
          "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(9'000, 'a') + "\r\n\r\n"}) {
        support::http_client client{at.service.port()};
        client.send(bytes);
        answer const a{client.read()};
        INFO(bytes.substr(0, 100) << " -> " << a.status << ' ' << a.body);
        CHECK(a.status >= 400);
        CHECK(a.status < 500);
        CHECK(broken_rule(a).empty());
    }
    CHECK(at.service.get("/livez").status == 200);
}

TEST_CASE("half a body stores nothing")
{
    auto& at = shared();
    auto const name = new_name("half");
    std::string const body = R"({"name":")" + name + R"(","template":"x"})";
    auto const head = [&](std::string const& length) {
        return "POST /v1/prompts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + at.admin + "\r\n" + length +
               "\r\n\r\n";
    };
    {
        support::http_client client{at.service.port()};
        client.send(head("Content-Length: " + std::to_string(body.size() + 10)) + body);
        client.end_sending();
        CHECK(client.read().status < 500);
    }
    {
        support::http_client client{at.service.port()};
        client.send(head("Content-Length: " + std::to_string(body.size() + 10)) + body);
    }
    {
        support::http_client client{at.service.port()};
        client.send(head("Transfer-Encoding: chunked") + "20\r\n" + body);
        client.end_sending();
        CHECK(client.read().status < 500);
    }
    CHECK(at.service.get("/v1/prompts/" + name).status == 404);
    // The same, whole.
    support::http_client client{at.service.port()};
    client.send(head("Content-Length: " + std::to_string(body.size())) + body.substr(0, 5));
    std::this_thread::sleep_for(50ms);
    client.send(body.substr(5));
    CHECK(client.read().status == 201);
}

TEST_CASE("requests in a pipeline are answered in their order")
{
    auto& at = shared();
    auto const name = new_name("pipeline");
    create(at.service, name, "x");
    std::string all;
    for (int i = 0; i < 20; ++i) {
        all += request_of({"POST",
                           "/v1/prompts/" + name + "/versions",
                           R"({"template":"y"})",
                           at.admin,
                           {{"X-Request-Id", "post-" + std::to_string(i)}}})
                   .bytes();
        all += request_of({"GET",
                           "/v1/prompts/" + name + "/versions/" + std::to_string(i + 2),
                           {},
                           at.admin,
                           {{"X-Request-Id", "get-" + std::to_string(i)}}})
                   .bytes();
    }
    support::http_client client{at.service.port()};
    CHECK(client.send(all));
    for (int i = 0; i < 20; ++i) {
        answer const made{client.read()};
        CHECK(made.status == 201);
        CHECK(made.number("/version") == i + 2);
        CHECK(made.header("x-request-id") == "post-" + std::to_string(i));
        answer const got{client.read()};
        CHECK(got.status == 200);
        CHECK(got.header("x-request-id") == "get-" + std::to_string(i));
    }
}

TEST_CASE("Expect: 100-continue is answered before the body, and not for a request that is refused")
{
    auto& at = shared();
    std::string const body = R"({"template":"x"})";
    auto const head = [&](std::string const& target, std::string const& more, std::size_t size) {
        return "POST " + target + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + more +
               "Content-Length: " + std::to_string(size) + "\r\n\r\n";
    };
    support::http_client client{at.service.port()};
    client.send(head("/v1/preview", "", body.size()));
    std::this_thread::sleep_for(100ms);
    client.send(body);
    CHECK(client.read().status == 200);
    CHECK(client.interim() == 1);
    for (auto const& [target, more, size, status] :
         std::vector<std::tuple<std::string, std::string, std::size_t, int>>{
             {"/v1/prompts", "", 20, 401},
             {"/v1/preview", "", mebibyte + 1, 413},
             {"/v1/none", "", 20, 404}}) {
        support::http_client refused{at.service.port()};
        refused.send(head(target, more, size));
        CHECK(refused.read().status == status);
        CHECK(refused.interim() == 0);
    }
}

TEST_CASE("a body is application/json")
{
    auto& at = shared();
    auto const with = [&](std::string const& type) {
        return at.service
            .ask({"POST", "/v1/preview", R"({"template":"x"})", at.read, {{"Content-Type", type}}})
            .status;
    };
    for (std::string const good :
         {"application/json", "application/json; charset=utf-8", "Application/JSON"}) {
        INFO(good);
        CHECK(with(good) == 200);
    }
    for (std::string const bad :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
          "application/xml", "application/jsonx", "text/json"}) {
        INFO(bad);
        CHECK(with(bad) == 415);
    }
    CHECK(at.service.ask({"GET", "/v1/prompts", "{}", at.read}).status == 400);
}

TEST_CASE(
    "X-Request-Id is the client's if it is sane, else one of ours, and stands in the log and the execution")
{
    auto& at = shared();
    auto const ask = [&](std::string const& id) {
        return at.service.ask({"GET", "/v1/prompts", {}, at.read, {{"X-Request-Id", id}}})
            .header("x-request-id");
    };
    CHECK(ask("my-id_1.2:3") == "my-id_1.2:3");
    CHECK(ask(std::string(128, 'a')) == std::string(128, 'a'));
    for (std::string const& bad :
         {std::string(129, 'a'), std::string{"a b"}, std::string{"<script>"}, std::string{"a\"b"},
          std::string{"\xc3\xa4"}, std::string{"a;b"}, std::string{""}}) {
        auto const id = ask(bad);
        INFO(bad);
        CHECK(id != bad);
        CHECK(id.size() >= 16);
    }
    CHECK(ask("a b") != ask("a b"));
    CHECK(eventually([&] { return at.service.log().find("my-id_1.2:3") != std::string::npos; }, 5s));
    auto const name = new_name("ids");
    create(at.service, name, "x");
    auto const done =
        at.service.ask({"POST",
                        "/v1/prompts/" + name + "/render?durable=true",
                        "{}",
                        at.read,
                        {{"X-Request-Id", "rendered-by-me"},
                         {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}});
    REQUIRE(done.status == 200);
    CHECK(at.service.get("/v1/executions/" + done.text("/execution_id"), at.admin).text("/request_id") ==
          "rendered-by-me");
    for (std::string const& bad : {std::string(5'000, '0'), std::string{"00-zz"}, std::string{"\xff\xfe"}}) {
        CHECK(at.service.ask({"GET", "/v1/prompts", {}, at.read, {{"traceparent", bad}}}).status == 200);
    }
}

TEST_CASE("a connection is kept, HTTP/1.0 is closed, and Connection: close is heeded")
{
    auto& at = shared();
    support::http_client client{at.service.port()};
    for (int i = 0; i < 5; ++i) {
        CHECK(client.ask(request_of({"GET", "/v1/prompts"})).status == 200);
        CHECK_FALSE(client.is_closed(0ms));
    }
    support::http_client refused{at.service.port()};
    CHECK(refused.ask(request_of({"POST", "/v1/preview", "{"})).status == 400);
    CHECK_FALSE(refused.is_closed(50ms)); // a bad body is no reason to hang up
    support::http_client old{at.service.port()};
    old.send("GET /livez HTTP/1.0\r\n\r\n");
    CHECK(old.read().status == 200);
    CHECK(old.is_closed(2s));
    support::http_client last{at.service.port()};
    CHECK(last.ask(request_of({"GET", "/livez", {}, {}, {{"Connection", "close"}}})).status == 200);
    CHECK(last.is_closed(2s));
}
