#include "idempotency/idempotency_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/problem.hpp"
#include "identity/api_key.hpp"

namespace app {
namespace {

namespace json = boost::json;

// Of one request, not of what it did.
constexpr std::string_view trace_header = "traceparent";

} // namespace

repeatable_request repeatable(request const& asked, std::string const& holder)
{
    auto const head = asked.method + ' ' + asked.target + '\n' + asked.if_match + '\n';
    return {holder, asked.idempotency_key, sha256_hex(head + asked.body)};
}

std::optional<answer> idempotency_store::find(database_connection& c, repeatable_request const& r) const
{
    auto const lock = "idempotency_keys " + r.holder + ' ' + r.key;
    if (!truth_in(c.ask("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", {lock})[0][0])) {
        throw problem{409, "idempotency-key-in-use",
                      "A request with this Idempotency-Key is being carried out."}
            .header("Retry-After", "1");
    }
    auto const found =
        c.ask("select encode(fingerprint, 'hex'), status, headers, body from " + table_ +
                  " where holder = $1::uuid and key = $2 and created_at > now() - interval '24 hours'",
              {r.holder, r.key});
    if (found.empty()) {
        return std::nullopt;
    }
    if (text_in(found[0][0]) != r.fingerprint) {
        throw problem{
            422, "idempotency-key-reused",
            "This Idempotency-Key was sent with another request. Each request takes one of its own."};
    }
    answer a;
    a.status = static_cast<int>(integer_in(found[0][1]));
    a.body = text_in(found[0][3]);
    auto const headers = json::parse(text_in(found[0][2])).as_array();
    for (std::size_t i = 1; i < headers.size(); i += 2) {
        a.with(std::string{headers[i - 1].as_string()}, std::string{headers[i].as_string()});
    }
    return a;
}

void idempotency_store::keep(database_connection& c, repeatable_request const& r, answer const& given) const
{
    json::array headers;
    for (auto const& [name, value] : given.headers) {
        if (name != trace_header) {
            headers.emplace_back(name);
            headers.emplace_back(value);
        }
    }
    c.ask(
        "insert into " + table_ +
            " (holder, key, fingerprint, status, headers, body) values ($1::uuid, $2, decode($3, 'hex'), "
            "$4::smallint, $5::jsonb, $6) on conflict (holder, key) do update set fingerprint = "
            "excluded.fingerprint, created_at = excluded.created_at, status = excluded.status, headers = "
            "excluded.headers, body = excluded.body",
        {r.holder, r.key, r.fingerprint, std::to_string(given.status), json::serialize(headers), given.body});
}

void idempotency_store::drop_old(database_connection& c) const
{
    c.ask("delete from " + table_ + " where (holder, key) in (select holder, key from " + table_ +
          " where created_at <= now() - interval '24 hours' for update skip locked)");
}

} // namespace app
