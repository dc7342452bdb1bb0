// What is to come out is worked out twice: as text, from the pieces of the old one, and as values, from
// libpq's reading of the old one. libpq then reads the new text, and both must agree on every keyword. So a
// mistake here, or a text stranger than we thought, ends the rewriting instead of sending someone to another
// database.
#include "schemagate/rewrite.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"

#include "ascii.hpp"
#include "change_rules.hpp"
#include "editable_text.hpp"
#include "libpq_parser.hpp"
#include "placeholder.hpp"
#include "shown.hpp"
#include "uri_layout.hpp"

namespace schemagate {

namespace url {

namespace {

using value_map = std::map<std::string, secret>;

std::string of(value_map const& values, std::string const& keyword)
{
    auto const found = values.find(keyword);
    return found == values.end() ? std::string{} : found->second.reveal();
}

// A list of equal ports is one port to libpq, and a list of empty ones none.
void simplify_port(value_map& values)
{
    auto const port = of(values, "port");
    auto const first = port.substr(0, port.find(','));
    for (auto rest = std::string_view{port}; rest.size() > first.size();) {
        auto const next = rest.substr(first.size() + 1);
        if (rest.substr(0, first.size() + 1) != first + ',' || next.substr(0, next.find(',')) != first)
            return;
        rest = next;
    }
    if (first.empty())
        values.erase("port");
    else
        values["port"] = secret{first};
}

std::optional<value_map> read(std::string const& text)
{
    auto const set = libpq_parse(text);
    if (!set)
        return std::nullopt;
    auto result = value_map{};
    for (auto const& [keyword, value] : *set)
        result.emplace(keyword, value);
    simplify_port(result);
    return result;
}

enum class way_kind
{
    tcp,
    socket,
    mixed
};

way_kind kind_of_host(std::string_view host)
{
    return host.empty() || host.front() == '/' || host.front() == '@' ? way_kind::socket : way_kind::tcp;
}

way_kind kind_of_ways(value_map const& values)
{
    if (!of(values, "hostaddr").empty())
        return way_kind::tcp;
    auto const hosts = of(values, "host");
    auto const kind = kind_of_host(hosts);
    for (auto comma = hosts.find(','); comma != hosts.npos; comma = hosts.find(',', comma + 1))
        if (kind_of_host(std::string_view{hosts}.substr(comma + 1, hosts.find(',', comma + 1) - comma - 1)) !=
            kind)
            return way_kind::mixed;
    return kind;
}

void move_to_host(std::string const& host, bool port_given, editable_text& text, value_map& values)
{
    auto const several = contains(of(values, "host"), ',') || contains(of(values, "hostaddr"), ',');
    auto const port = of(values, "port");
    auto const stays = !port_given && !port.empty() && kind_of_ways(values) == kind_of_host(host);
    if (stays && contains(port, ','))
        throw failure{errc::usage,
                      "The old hosts have ports that differ, so the one host's port is not known.",
                      "Give the port as well."};
    text.move_to(host, !stays || several);
    if (stays && several)
        text.set("port", port);
    if (!stays)
        values.erase("port");
    values.erase("hostaddr");
    values["host"] = secret{host};
}

void set_value(std::string const& keyword, secret const& value, editable_text& text, value_map& values)
{
    if (values.contains(keyword) && values[keyword].reveal() == value.reveal())
        return;
    text.set(keyword, value.reveal());
    values[keyword] = value;
}

// Makes the change in both; what comes first may be overridden by what comes later.
void apply(url_change const& change, editable_text& text, value_map& values)
{
    for (auto const& keyword : change.unset) {
        auto const stored = std::string{stored_keyword(keyword)};
        text.remove(stored);
        values.erase(stored);
    }
    if (change.host && (*change.host != of(values, "host") || values.contains("hostaddr")))
        move_to_host(*change.host, change.port.has_value(), text, values);
    auto const set = [&](char const* keyword, std::optional<std::string> const& value) {
        if (value)
            set_value(keyword, secret{*value}, text, values);
    };
    set("port", change.port);
    set("user", change.user);
    set("dbname", change.dbname);
    if (change.password)
        set_value("password", *change.password, text, values);
    for (auto const& [keyword, value] : change.set)
        set_value(keyword, secret{value}, text, values);
}

bool equal(value_map const& a, value_map const& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto const& x, auto const& y) {
        return x.first == y.first && x.second.reveal() == y.second.reveal();
    });
}

std::vector<changed_part> differences(value_map const& before, value_map const& after,
                                      hidden_parts const& hidden)
{
    auto keywords = std::set<std::string>{};
    for (auto const* values : {&before, &after})
        for (auto const& [keyword, value] : *values)
            keywords.insert(keyword);
    auto const shown = [](value_map const& values, std::string const& keyword) {
        return !values.contains(keyword) ? std::string{} : shown_value(keyword, of(values, keyword));
    };
    auto result = std::vector<changed_part>{};
    for (auto const& keyword : keywords)
        if (before.count(keyword) != after.count(keyword) || of(before, keyword) != of(after, keyword))
            result.push_back({keyword,
                              hidden.hides(keyword) && before.contains(keyword) ? std::string{mask}
                                                                                : shown(before, keyword),
                              shown(after, keyword)});
    return result;
}

std::unique_ptr<editable_text> taken_apart(std::string const& text)
{
    return libpq_scheme(text) != 0 ? editable_uri(text) : editable_keywords(text);
}

// Parameters that libpq does not know keep it from reading the text, so they go before it is asked.
secret without_unknown(secret const& text, url_change const& change, std::vector<changed_part>& changed)
{
    auto const pieces = taken_apart(text.reveal());
    auto removed = false;
    for (auto const& keyword : change.unset) {
        if (find_keyword(keyword) != nullptr || stored_keyword(keyword) != keyword)
            continue;
        if (!pieces->remove(keyword))
            throw failure{errc::usage,
                          "The connection string has no parameter of a name that is to be unset, "
                          "nor does libpq know it.",
                          "Compare its spelling with the connection string's."};
        changed.push_back({printable(keyword), std::string{mask}, ""});
        removed = true;
    }
    return removed ? pieces->text() : text;
}

[[noreturn]] void refuse_text(database_url_text const& old, place const& where)
{
    (void)require_usable(check(old, where, {}));
    throw failure{errc::url_refused, old.source + " cannot be read in one way only.",
                  "Write it anew, with everything but letters and digits percent-encoded in the password."};
}

// A guess would send somebody's password elsewhere, and a template is no password. Returns what may not be
// shown.
hidden_parts refuse_doubtful(database_url_text const& text, url_change const& change, place const& where)
{
    auto const diagnosis = check(text, where, {});
    if (diagnosis.hidden == hidden_parts::all() && !change.doubt_accepted) {
        (void)require_usable(diagnosis);
        throw failure{
            errc::url_refused,
            text.source +
                " is doubtful: a part of it holds a delimiter, or a word like \"password\", that does "
                "not belong there, so that it may be a piece of the password.",
            "Nothing was written. Correct the text, or if it is right: --accept doubtful-reading."}
            .with_finding("doubtful-reading");
    }
    auto const set = libpq_parse(text.text.reveal());
    for (auto const& [keyword, value] : *set) {
        auto const what = keyword == "password" ? stand_in_for_password(value.reveal()) : stand_in::none;
        if (change.password || what == stand_in::none || what == stand_in::wrapped)
            continue;
        throw failure{
            errc::url_refused, text.source + " has a template or placeholder as its password.",
            "Nothing was written. Put the password itself there, or give the new one (--password-file)."}
            .with_finding("password-placeholder");
    }
    return diagnosis.hidden;
}

} // namespace

} // namespace url

rewritten_url rewrite(database_url_text const& old, url_change const& change, place const& where)
{
    url::judge_change(change);
    auto result = rewritten_url{{}, {}, old.findings, {}};
    auto text = old.text;
    if (url::all(text.reveal(), url::is_blank) || url::contains(text.reveal(), '\0'))
        url::refuse_text(old, where);
    text = url::without_unknown(text, change, result.changed);
    auto const before = url::read(text.reveal());
    if (!before)
        url::refuse_text(old, where);
    auto const hidden = url::refuse_doubtful({text, old.source, {}}, change, where);

    auto const pieces = url::taken_apart(text.reveal());
    auto expected = *before;
    url::apply(change, *pieces, expected);
    result.text = pieces->text();
    auto const after = url::read(result.text.reveal());
    if (!after || !url::equal(*after, expected))
        throw failure{errc::internal,
                      "The connection string was rewritten to one that libpq reads otherwise.",
                      "Nothing was written. Please report the shape of the connection string (not its "
                      "password)."};
    for (auto& part : url::differences(*before, *after, hidden))
        result.changed.push_back(std::move(part));
    result.redacted = redact(result.text.reveal());
    return result;
}

} // namespace schemagate
