// The gate, the key, the query and the body, in this order, as functions.
#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include "catch.hpp"
#include "route/router.hpp"

namespace {

using app::route;

struct word_body
{
    std::string word;
};
BOOST_DESCRIBE_STRUCT(word_body, (), (word))

std::string const key = "sgk_" + std::string(43, 'a');
std::string const reader = "sgk_" + std::string(43, 'r');

app::answer echo(app::call const& c)
{
    app::answer a;
    a.body = c.who.name + ' ' + (c.path.empty() ? "" : c.path[0]) + ' ' + c.text("q").value_or("-");
    return a;
}

struct fixture
{
    bool shut = false;
    app::route_table table{{
        {"GET",
         "/probe",
         route::access::open,
         "probe",
         "",
         app::memory_handler{echo},
         {},
         {},
         {200},
         0,
         true,
         true},
        {"GET",
         "/v1/things",
         route::access::anonymous,
         "list",
         "",
         app::memory_handler{echo},
         {{"q", app::parameter::kind::text, 1, 5}, {"n", app::parameter::kind::whole, 1, 9}}},
        {"POST",
         "/v1/things",
         route::access::write,
         "make",
         "",
         app::memory_handler{[](app::call const& c) {
             app::answer a;
             a.body = c.body_as<word_body>().word;
             return a;
         }},
         {},
         app::schema_of<word_body>},
        {"GET", "/v1/things/{name}", route::access::read, "get", "", app::memory_handler{echo}},
        {"GET", "/v1/fault", route::access::open, "fault", "",
         app::memory_handler{[](app::call const&) -> app::answer { throw std::runtime_error{"secret"}; }}},
    }};
    app::router router{
        table,
        {[this]() -> std::optional<app::problem> {
             return shut ? std::optional{app::unavailable("gate-shut", "", 2)} : std::nullopt;
         },
         [](std::string_view given) -> std::optional<app::principal> {
             if (given == key) {
                 return app::principal{"1", "writer", app::scope::write};
             }
             if (given == reader) {
                 return app::principal{"2", "reader", app::scope::read};
             }
             return std::nullopt;
         },
         true, [](std::function<void()> work) { return work(), true; },
         [](std::exception const&) { return std::optional<app::problem>{}; }},
        std::make_shared<spdlog::logger>("null", std::make_shared<spdlog::sinks::null_sink_mt>())};

    app::answer ask(std::string method, std::string target, std::string with_key = {},
                    std::string content = {}, std::string type = {}) const
    {
        app::request r;
        r.method = std::move(method);
        r.target = std::move(target);
        r.id = "id";
        r.body = std::move(content);
        r.content_type = std::move(type);
        if (!with_key.empty()) {
            r.authorization = "Bearer " + with_key;
        }
        app::answer got;
        router.handle(std::move(r), [&](app::answer a) { got = std::move(a); });
        return got;
    }
    std::string code(app::answer const& a) const
    {
        auto const object = boost::json::parse(a.body).as_object();
        return std::to_string(a.status) + ' ' + std::string{object.at("code").as_string()};
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "a request finds its route, its holder and its parameters", "[route]")
{
    CHECK(ask("GET", "/v1/things?q=abc").body == "anonymous  abc");
    CHECK(ask("GET", "/v1/things/a%2Fb", reader).body == "reader a/b -");
    CHECK(ask("HEAD", "/v1/things").status == 200);
    CHECK(ask("POST", "/v1/things", key, R"({"word":"w"})", "application/json; charset=utf-8").body == "w");
    CHECK(ask("POST", "/v1/things", key, R"({"word":"w"})").body == "w");
}

TEST_CASE_METHOD(fixture, "what is wrong with a request has a code of its own", "[route]")
{
    CHECK(code(ask("GET", "/v1/nothing")) == "404 not-found");
    CHECK(code(ask("GET", "/v1/things/%ff")) == "400 bad-request");
    CHECK(code(ask("DELETE", "/v1/things")) == "405 method-not-allowed");
    CHECK(code(ask("GET", "/v1/things/x")) == "401 key-required");
    CHECK(code(ask("GET", "/v1/things/x", "sgk_short")) == "401 key-invalid");
    CHECK(code(ask("GET", "/v1/things", "sgk_" + std::string(43, 'z'))) == "401 key-invalid");
    CHECK(code(ask("POST", "/v1/things", reader, R"({"word":"w"})")) == "403 scope-insufficient");
    CHECK(code(ask("GET", "/v1/things?lable=x")) == "400 unknown-parameter");
    CHECK(code(ask("GET", "/v1/things?q=a&q=b")) == "400 invalid-parameter");
    CHECK(code(ask("GET", "/v1/things?q=123456")) == "400 invalid-parameter");
    CHECK(code(ask("GET", "/v1/things?n=10")) == "400 invalid-parameter");
    CHECK(code(ask("GET", "/v1/things?n=+1")) == "400 invalid-parameter");
    CHECK(code(ask("POST", "/v1/things", key, "{", "application/json")) == "400 invalid-json");
    CHECK(code(ask("POST", "/v1/things", key, "")) == "400 invalid-json");
    CHECK(code(ask("POST", "/v1/things", key, R"({"wrod":"w"})")) == "400 invalid-field");
    CHECK(code(ask("POST", "/v1/things", key, R"({"word":"w"})", "text/plain")) ==
          "415 unsupported-media-type");
    CHECK(code(ask("GET", "/v1/things", {}, "x")) == "400 unexpected-body");
    auto const fault = ask("GET", "/v1/fault");
    CHECK(code(fault) == "500 internal");
    CHECK(fault.body.find("secret") == std::string::npos);
}

TEST_CASE_METHOD(fixture, "a shut gate answers all but the probes, known paths or not", "[route]")
{
    shut = true;
    CHECK(ask("GET", "/probe").status == 200);
    CHECK(code(ask("POST", "/probe")) == "405 method-not-allowed");
    for (char const* target : {"/v1/things", "/v1/nothing", "/v1/things/%ff", "/"}) {
        CHECK(code(ask("GET", target)) == "503 gate-shut");
    }
}

TEST_CASE_METHOD(fixture, "the header alone decides whether a body is read", "[route]")
{
    app::request head;
    head.method = "POST";
    head.target = "/v1/things";
    CHECK(router.admit(head).refused->status == 401);
    head.authorization = "Bearer " + key;
    CHECK_FALSE(router.admit(head).refused.has_value());
    CHECK(router.admit(head).body_limit == 1024 * 1024);
    head.target = "/probe";
    head.method = "GET";
    CHECK(router.admit(head).is_probe);
}

TEST_CASE("the OpenAPI document has every row of the table", "[route]")
{
    fixture const f;
    auto const document = app::openapi_of(f.table, "1.2.3");
    CHECK(document.at("openapi") == "3.1.0");
    for (auto const& row : f.table.rows()) {
        std::string method = row.method;
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        auto const& operation = document.at("paths").at(row.pattern).at(method).as_object();
        CHECK(operation.at("operationId") == row.operation);
        CHECK(operation.contains("requestBody") == static_cast<bool>(row.body));
    }
}

TEST_CASE("times are dates or have an offset", "[route]")
{
    CHECK(app::time_of("1970-01-01") == 0);
    CHECK(app::time_of("2026-11-29T12:00:00Z") == 1795953600000000);
    CHECK(app::time_of("2026-11-29T13:00:00.250+01:00") == 1795953600250000);
    for (char const* bad :
         {"", "2026", "2026-13-01", "2026-02-29", "2026-11-29T12:00:00", "2026-11-29 12:00:00Z",
          "2026-11-29T12:00:00.Z", "2026-11-29T25:00:00Z", "infinity", "1969-12-31"}) {
        CHECK_FALSE(app::time_of(bad).has_value());
    }
}
