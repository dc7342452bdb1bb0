#include "contract.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <thread>

namespace contract {

json::value answer::content() const
{
    boost::system::error_code ec;
    auto parsed = json::parse(body, ec);
    return ec ? json::value(nullptr) : parsed;
}

json::value answer::at(std::string const& pointer) const
{
    auto const all = content();
    boost::system::error_code ec;
    auto const* const found = all.find_pointer(pointer, ec);
    return found == nullptr || ec ? json::value(nullptr) : *found;
}

std::string answer::text(std::string const& pointer) const
{
    auto const found = at(pointer);
    return found.is_string() ? std::string{found.get_string()} : "";
}

std::int64_t answer::number(std::string const& pointer) const
{
    auto const found = at(pointer);
    return found.is_int64() ? found.get_int64() : -1;
}

std::string answer::header(std::string const& name) const
{
    auto const found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

namespace {

bool is_kebab(std::string const& word)
{
    if (word.empty() || word.front() == '-' || word.back() == '-') {
        return false;
    }
    return std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

} // namespace

std::string broken_rule(answer const& a, bool to_head)
{
    if (a.status == 0) {
        return "no answer";
    }
    if (a.status == 500) {
        return "500: " + a.body;
    }
    if (a.header("x-request-id").empty()) {
        return "no X-Request-Id";
    }
    if (a.status < 400) {
        return "";
    }
    if (a.header("content-type") != "application/problem+json") {
        return "not problem+json but " + a.header("content-type");
    }
    if (to_head) {
        return "";
    }
    for (char const* member : {"/type", "/title", "/detail", "/code", "/request_id"}) {
        if (a.text(member).empty()) {
            return std::string{"without "} + member + ": " + a.body;
        }
    }
    if (a.number("/status") != a.status) {
        return "status is not the status: " + a.body;
    }
    if (!is_kebab(a.code())) {
        return "no kebab word: " + a.code();
    }
    if (a.text("/request_id") != a.header("x-request-id")) {
        return "two request ids";
    }
    return "";
}

support::http_request request_of(asking const& what)
{
    support::http_request r{what.method, what.target, what.headers, what.body};
    if (!what.key.empty()) {
        r.headers.emplace_back("Authorization", "Bearer " + what.key);
    }
    bool const has_type = std::any_of(r.headers.begin(), r.headers.end(),
                                      [](auto const& h) { return h.first == "Content-Type"; });
    if (what.body && !has_type) {
        r.headers.emplace_back("Content-Type", "application/json");
    }
    return r;
}

std::string stored_key(support::test_database const& database, std::string const& scope,
                       std::string const& name, std::string const& columns, std::string const& values)
{
    static std::atomic<int> number{0};
    auto count = std::to_string(++number);
    auto const key = "sgk_" + std::string(43 - count.size(), 'K') + count;
    database.run("insert into api_keys (name, key_hash, scope" + columns + ") values ('" + name +
                 "', sha256('" + key + "'), '" + scope + "'" + values + ')');
    return key;
}

database_with_keys::database_with_keys(std::unique_ptr<support::test_database> made)
    : database{std::move(made)}, admin{stored_key(*database, "admin", "test admin")},
      write{stored_key(*database, "write", "test writer")}, read{stored_key(*database, "read", "test reader")}
{}

namespace {

support::environment on(database_with_keys const& of, support::environment more)
{
    more.emplace("DATABASE_URL", of.database->url());
    return more;
}

} // namespace

replica::replica(database_with_keys const& of, support::environment more)
    : admin_{of.admin}, read_{of.read}, process_{on(of, std::move(more))}
{
    INFO(log());
    REQUIRE(process_.is_ready());
}

answer replica::ask(asking const& what) const
{
    support::http_client client{port()};
    answer a{client.ask(request_of(what))};
    INFO(what.method << ' ' << what.target << " -> " << a.status << ' ' << a.body.substr(0, 500));
    CHECK(broken_rule(a, what.method == "HEAD").empty());
    return a;
}

answer replica::send(std::string const& method, std::string const& target, json::value const& body) const
{
    return ask({method, target, json::serialize(body), admin_});
}

answer replica::render(std::string const& name, json::object const& variables, json::object more,
                       std::string const& query) const
{
    more["variables"] = variables;
    return ask({"POST", "/v1/prompts/" + encoded(name) + "/render" + query, json::serialize(more), read_});
}

backend& shared()
{
    (void)support::private_server::shared(); // it ends after the service
    static backend one;
    return one;
}

std::string new_name(std::string const& purpose)
{
    static std::atomic<int> number{0};
    return purpose + '-' + std::to_string(++number);
}

void create(replica const& at, std::string const& name, std::string const& text, json::array labels)
{
    auto const a = at.send("POST", "/v1/prompts",
                           json::object{{"name", name}, {"template", text}, {"labels", std::move(labels)}});
    INFO(a.body);
    REQUIRE(a.status == 201);
}

std::int64_t add_version(replica const& at, std::string const& name, std::string const& text)
{
    auto const a =
        at.send("POST", "/v1/prompts/" + encoded(name) + "/versions", json::object{{"template", text}});
    INFO(a.body);
    REQUIRE(a.status == 201);
    return a.number("/version");
}

std::string encoded(std::string const& text)
{
    constexpr char const* digits = "0123456789ABCDEF";
    std::string out;
    for (unsigned char const c : text) {
        bool const plain = std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
        if (plain) {
            out += static_cast<char>(c);
        }
        else {
            out += '%';
            out += digits[c >> 4U];
            out += digits[c & 15U];
        }
    }
    return out;
}

} // namespace contract
