// The OpenAPI document is the list of what there is; each operation, its key, its path and its query.
#include "operations.hpp"

using namespace contract;

TEST_CASE("each operation of the document answers a good request as the contract says")
{
    auto& at = shared();
    auto const all = operations_of(at.service);
    CHECK(all.size() == known_operations().size());
    for (auto const& one : all) {
        auto const* const is = known(one.id);
        INFO(one.id << ' ' << one.method << ' ' << one.pattern);
        REQUIRE(is != nullptr); // a new operation needs its row in operations.cpp
        auto request = is->good(at.service);
        CHECK(request.method == one.method);
        request.key = at.admin;
        auto const a = at.service.ask(request);
        INFO(a.body);
        CHECK(a.status == is->status);
        auto const& responses = one.document.at("responses").as_object();
        CHECK(responses.contains(std::to_string(is->status)));
    }
}

TEST_CASE("each key opens what its scope holds, and nothing else")
{
    auto& at = shared();
    auto const revoked = stored_key(*at.database, "admin", "revoked", ", revoked_at", ", now()");
    auto const expired =
        stored_key(*at.database, "admin", "expired", ", expires_at", ", now() - interval '1 minute'");
    auto const unknown = "sgk_" + std::string(43, 'z');
    REQUIRE(eventually(
        [&] { return at.service.get("/v1/keys", at.admin).body.find("\"revoked\"") != std::string::npos; }));
    std::this_thread::sleep_for(1500ms); // the snapshot has the new keys
    struct holder
    {
        std::string what, key;
        needs has;
    };
    std::vector<holder> const holders{{"nobody", "", needs::anonymous},
                                      {"read", at.read, needs::read},
                                      {"write", at.write, needs::write},
                                      {"admin", at.admin, needs::admin},
                                      {"revoked", revoked, needs::nothing},
                                      {"expired", expired, needs::nothing},
                                      {"unknown", unknown, needs::nothing},
                                      {"no key", "hello", needs::nothing},
                                      {"cut", at.admin.substr(0, 46), needs::nothing},
                                      {"longer", at.admin + "K", needs::nothing}};
    for (auto const& one : operations_of(at.service)) {
        auto const* const is = known(one.id);
        REQUIRE(is != nullptr);
        auto request = is->good(at.service);
        for (auto const& who : holders) {
            request.key = who.key;
            INFO(one.id << " by " << who.what);
            auto const a = at.service.ask(request);
            if (is->key == needs::nothing) {
                CHECK(a.status == 200); // a probe must not care about keys
            }
            else if (who.has == needs::nothing || (who.key.empty() && is->key > needs::anonymous)) {
                CHECK(a.status == 401);
                CHECK(a.header("www-authenticate").rfind("Bearer", 0) == 0);
            }
            else if (who.has < is->key) {
                CHECK(a.status == 403);
                CHECK(a.code() == "scope-insufficient");
            }
            else {
                CHECK(a.status != 401);
                CHECK(a.status != 403);
            }
        }
        for (auto const* const header :
             {"Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "sgk_", "Bearer a b", "bearer\t"}) {
            if (is->key == needs::nothing) {
                break;
            }
            request.key.clear();
            request.headers = {{"Authorization", header}};
            INFO(one.id << " by " << header);
            CHECK(at.service.ask(request).status == 401);
        }
    }
}

TEST_CASE("a path that is bent gives 4xx")
{
    auto& at = shared();
    std::vector<std::string> const values{"no-such-thing",
                                          "%00",
                                          "a%00b",
                                          "%ff",
                                          "%c0%80",
                                          "%ed%a0%80",
                                          "%zz",
                                          "%",
                                          "%4",
                                          "..",
                                          "%2e%2e",
                                          "..%2f..%2fetc%2fpasswd",
                                          "a%2Fb%2Fc",
                                          "a%5Cb",
                                          "%20",
                                          "'%3B%20drop%20table%20prompts%3B--",
                                          "%F0%9F%98%80",
                                          "9223372036854775808",
                                          "99999999999999999999999999999999",
                                          "-1",
                                          "0",
                                          "1e3",
                                          "00000000-0000-0000-0000-000000000000",
                                          "ffffffff-ffff-ffff-ffff-ffffffffffff",
                                          "01900000-0000-7000-8000-00000000000z",
                                          std::string(255, 'n'),
                                          std::string(256, 'n'),
                                          std::string(5'000, 'n'),
                                          ""};
    for (auto const& one : operations_of(at.service)) {
        auto const open = one.pattern.find('{');
        if (open == std::string::npos) {
            continue;
        }
        auto good = known(one.id)->good(at.service);
        good.key = at.admin;
        auto const query = good.target.find('?');
        auto const tail = query == std::string::npos ? "" : good.target.substr(query);
        for (auto const& value : values) {
            // In the place of each part in turn; the others stay good.
            for (auto at_part = open; at_part != std::string::npos;
                 at_part = one.pattern.find('{', at_part + 1)) {
                auto target = one.pattern.substr(0, at_part) + value +
                              one.pattern.substr(one.pattern.find('}', at_part) + 1);
                for (auto more = target.find('{'); more != std::string::npos; more = target.find('{')) {
                    auto const name = target.substr(more + 1, target.find('}', more) - more - 1);
                    target.replace(more, name.size() + 2,
                                   name == "name" ? "nlu_topic_extraction"
                                   : name == "n"  ? "1"
                                                  : "staging");
                }
                auto request = good;
                request.target = target + tail;
                auto const a = at.service.ask(request);
                INFO(one.id << ' ' << request.target.substr(0, 200) << " -> " << a.status << ' '
                            << a.body.substr(0, 300));
                CHECK(a.status >= 200);
                CHECK(a.status < 500);
                bool const fine = one.id == "labelHistory" || one.id == "moveLabel" ||
                                  one.id == "removeLabel" || one.id.ends_with("Price"); // any good name may be
                if (!fine) {
                    CHECK(a.status >= 400);
                }
            }
        }
    }
    CHECK(at.service.get("/v1/prompts/nlu_topic_extraction", at.admin).status == 200);
    CHECK(at.service.get("/livez").status == 200);
}

TEST_CASE("parameters of the query that are unknown, repeated or malformed give 400 and name the parameter")
{
    auto& at = shared();
    for (auto const& one : operations_of(at.service)) {
        auto good = known(one.id)->good(at.service);
        good.key = at.admin;
        auto const bare = good.target.substr(0, good.target.find('?'));
        auto const ask = [&](std::string const& query) {
            auto request = good;
            request.target = bare + '?' + query;
            auto const a = at.service.ask(request);
            UNSCOPED_INFO(one.id << ' ' << query.substr(0, 200) << " -> " << a.status << ' '
                                 << a.body.substr(0, 300));
            return a;
        };
        auto const a = ask("no_such_parameter=1");
        CHECK(a.status == 400);
        CHECK(a.body.find("no_such_parameter") != std::string::npos);
        for (auto const* const bad : {"%00=1", "%ff=1", "a=%00", "a=%ff", "%", "=", "=1", "a", "a=%zz"}) {
            CHECK(ask(bad).status == 400);
        }
        for (auto const& p : one.query_parameters()) {
            auto const name = json::value_to<std::string>(p.at("name"));
            auto const type = json::value_to<std::string>(p.at("schema").at("type"));
            bool const is_time = p.at("schema").as_object().contains("format");
            std::vector<std::string> bad{name + "=%00",
                                         name + "=a%00b",
                                         name + "=%ff",
                                         name + "=%",
                                         name + "=",
                                         name + "=1&" + name + "=1",
                                         name + '=' + std::string(2'000, 'x')};
            if (type == "integer") {
                for (auto const* const value : {"0", "-1", "1.5", "1e1", "abc", "%201", "1%20", "+1", "0x1",
                                                "9223372036854775808", "99999999999999999999999"}) {
                    bad.push_back(name + '=' + value);
                }
            }
            if (type == "boolean") {
                for (auto const* const value : {"1", "0", "yes", "TRUE", "True", "null"}) {
                    bad.push_back(name + '=' + value);
                }
            }
            if (is_time) {
                for (auto const* const value :
                     {"yesterday", "2026-02-30", "2026-13-01", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00",
                      "99999-01-01", "infinity", "now", "-1"}) {
                    bad.push_back(name + '=' + value);
                }
            }
            for (auto const& query : bad) {
                auto const refused = ask(query);
                CHECK(refused.status == 400);
            }
        }
    }
}

TEST_CASE("a method that a path does not have is 405 with Allow, and HEAD is a GET without its content")
{
    auto& at = shared();
    std::map<std::string, std::vector<std::string>> methods;
    std::map<std::string, std::string> target;
    auto const all = operations_of(at.service);
    for (auto const& one : all) {
        methods[one.pattern].push_back(one.method);
        auto good = known(one.id)->good(at.service);
        target[one.pattern] = good.target.substr(0, good.target.find('?'));
        if (one.method == "GET") {
            good.key = at.admin;
            auto const get = at.service.ask(good);
            good.method = "HEAD";
            auto const head = at.service.ask(good);
            INFO(one.id);
            CHECK(head.status == get.status);
            CHECK(head.body.empty());
            CHECK(head.header("content-type") == get.header("content-type"));
            CHECK_FALSE(head.header("content-length").empty());
        }
    }
    for (auto const& [pattern, known_methods] : methods) {
        for (std::string const method :
             {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"}) {
            if (std::find(known_methods.begin(), known_methods.end(), method) != known_methods.end()) {
                continue;
            }
            auto const a = at.service.ask({method, target[pattern], {}, at.admin});
            INFO(method << ' ' << pattern << " -> " << a.status << ' ' << a.body);
            CHECK(a.status == 405);
            for (auto const& one : known_methods) {
                CHECK(a.header("allow").find(one) != std::string::npos);
            }
        }
    }
    CHECK(at.service.get("/").status == 200);
    CHECK(at.service.get("/v1").status == 404);
    CHECK(at.service.get("/v1/prompts/").status == 404);
    CHECK(at.service.get("//v1/prompts").status == 404);
    CHECK(at.service.get("/v1/prompts/a/b").status == 404);
}
