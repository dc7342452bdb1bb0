#include "doubt.hpp"

#include <algorithm>
#include <array>

#include "account.hpp"
#include "ascii.hpp"
#include "cloudsql.hpp"
#include "libpq_parser.hpp"
#include "numeric_address.hpp"
#include "percent_code.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

// Delimiters that a part of a URL does not have, even percent-encoded. Parameters that are not listed may
// hold any, but not those between parameters.
struct part_syntax
{
    std::string_view keyword;
    std::string_view foreign;
};

constexpr auto syntaxes = std::array{
    part_syntax{"user", ":=&;?/"},  part_syntax{"dbname", "@:=;?&/#"},  part_syntax{"port", "@:=;?&/#"},
    part_syntax{"host", "@=;?&/#"}, part_syntax{"hostaddr", "@=;?&/#"}, part_syntax{"options", "&"},
};
constexpr auto between_parameters = std::string_view{"@=&?"};

// Words so usual that no password is made of them and its neighbours.
constexpr auto usual_words = std::array<std::string_view, 9>{
    "localhost", "postgres", "postgresql", "database", "example", "internal", "docker", "service", "cluster"};

// No six bytes of a password can be hidden in it.
constexpr auto short_word = std::size_t{5};

bool usual(std::string_view word)
{
    return word.size() <= short_word ||
           std::find(usual_words.begin(), usual_words.end(), word) != usual_words.end();
}

bool usual_host(std::string_view host)
{
    if (host.starts_with('/') || (read_address(host) && !all(host, is_digit)))
        return true;
    while (true) {
        auto const label = host.substr(0, host.find('.'));
        if (!usual(label))
            return false;
        if (label.size() == host.size())
            return true;
        host.remove_prefix(label.size() + 1);
    }
}

// "name@project.iam": Cloud SQL's users with IAM have no password.
bool usual_user(std::string_view user)
{
    return usual(user) || user.ends_with(".iam") || user == account_name();
}

bool names_password(std::string_view value)
{
    auto const folded = lowered(value);
    return contains(folded, "pass") || contains(folded, "pwd");
}

// What a socket's folder without its "/" looks like: the mistake has a diagnostic of its own.
bool path_like(std::string_view host)
{
    if (names_cloudsql_instance(host))
        return true;
    auto const first = host.substr(0, host.find('/'));
    for (auto const* folder : {"cloudsql", "var", "run", "tmp", "private"})
        if (first == folder)
            return made_of_words(host, "_-.:/");
    return false;
}

// "localhost:5432" as a host: the port in it is no secret.
bool with_port(std::string_view host)
{
    auto const colon = host.rfind(':');
    return colon != host.npos && made_of_words(host.substr(0, colon), "-_.") &&
           port_number(host.substr(colon + 1)) != 0;
}

bool plausible_host(std::string_view host)
{
    if (host.starts_with('/') || host.starts_with('@'))
        return !contains_any(host.substr(1), "@=;?&");
    if (read_address(host) || path_like(host))
        return true;
    return !contains_any(host, "@=;?&/#") && (!contains(host, ':') || with_port(host));
}

bool plausible_host_list(std::string_view list)
{
    for (;;) {
        auto const host = list.substr(0, list.find(','));
        if (!plausible_host(host))
            return false;
        if (host.size() == list.size())
            return true;
        list.remove_prefix(host.size() + 1);
    }
}

// One of a few bytes may be what a delimiter that moved has left of it.
constexpr auto password_min = std::ptrdiff_t{4};

bool known_password(std::vector<text_part> const& parts)
{
    return std::any_of(parts.begin(), parts.end(), [](auto const& one) {
        auto const& value = one.value.reveal();
        return one.is_password() && std::count_if(value.begin(), value.end(), is_alnum) >= password_min &&
               port_number(value) == 0; // a port before an "@" that came too late
    });
}

bool torn(std::vector<text_part> const& parts, bool behind_password = false)
{
    return std::any_of(parts.begin(), parts.end(), [&](auto const& one) {
        auto const lenient = behind_password && one.keyword == "dbname";
        return !secret_keyword(one.keyword) &&
               !plausible(lenient ? "" : std::string_view{one.keyword}, one.value.reveal());
    });
}

// A user and a password where they belong: a delimiter that is missing or doubled behind them moves nothing
// of them.
bool whole_userinfo(uri_layout const& layout)
{
    return !layout.user.empty() && !layout.password.value_or("").empty() &&
           !contains(*layout.password, '=') && !contains(*layout.password, '/');
}

// "?application_name=S3cret" beside that password. It only hides more, and a name that is shown elsewhere is
// never asked, so that nothing tells that it is the password.
bool repeats_password(std::vector<text_part> const& parts)
{
    constexpr auto piece = std::size_t{6};
    auto const held_by = [&](std::string_view value, std::string_view password) {
        if (password.size() < piece)
            return std::ssize(password) >= password_min && value == password;
        for (auto at = std::size_t{0}; at + piece <= password.size(); ++at)
            if (contains(value, password.substr(at, piece)))
                return true;
        return false;
    };
    return std::any_of(parts.begin(), parts.end(), [&](auto const& password) {
        auto const file = password.keyword == "sslkey" || password.keyword.ends_with("file");
        return secret_keyword(password.keyword) && !file &&
               std::any_of(parts.begin(), parts.end(), [&](auto const& one) {
                   return one.parameter && !secret_keyword(one.keyword) &&
                          hidden_parts{false, false, false, false, true}.hides(one.keyword) &&
                          held_by(one.value.reveal(), password.value.reveal());
               });
    });
}

// "app…h1:5432,h2:5@433": the "@" stands in the list of hosts.
bool at_among_hosts(uri_layout const& layout)
{
    auto const password = layout.password.value_or("");
    auto const digits = password.find_first_not_of("0123456789");
    return layout.has_userinfo && (layout.authority.starts_with(',') ||
                                   (digits != password.npos && digits > 0 && password[digits] == ','));
}

bool torn(std::string_view text, uri_layout const& layout)
{
    auto const ats = std::count(text.begin(), text.end(), '@');
    return ambiguous(layout) || password_holds_query(layout) || at_among_hosts(layout) ||
           ats != (layout.has_userinfo ? 1 : 0) || bad_escape(text) ||
           std::any_of(layout.hosts.begin(), layout.hosts.end(),
                       [](auto const& host) {
                           return host.bracket_fault ||
                                  (host.port && !host.port->empty() && port_number(*host.port) == 0);
                       }) ||
           std::any_of(layout.parameters.begin(), layout.parameters.end(),
                       [](auto const& one) { return !one.well_formed; });
}

} // namespace

bool plausible(std::string_view keyword, std::string_view value)
{
    if (names_password(keyword == "passfile" && value.ends_with("pgpass") ? value.substr(0, value.size() - 6)
                                                                          : value))
        return false;
    if (keyword == "host" || keyword == "hostaddr")
        return plausible_host_list(value);
    if (keyword == "port")
        return all(value,
                   [](char c) { return is_digit(c) || is_blank(c) || contains(std::string_view{",+"}, c); });
    if (keyword == "dbname" && path_like(value.substr(value.starts_with('/') ? 1 : 0)))
        return true;
    auto const listed = std::find_if(syntaxes.begin(), syntaxes.end(),
                                     [&](auto const& one) { return one.keyword == keyword; });
    return !contains_any(value, listed == syntaxes.end() ? between_parameters : listed->foreign);
}

bool password_holds_query(uri_layout const& layout)
{
    auto const userinfo = std::string{layout.user} + ":" + std::string{layout.password.value_or("")};
    auto const held = secret{userinfo};
    auto const text = std::string_view{held.reveal()};
    if (contains(text, "://"))
        return true;
    for (auto at = text.find_first_of("?&"); at != text.npos; at = text.find_first_of("?&", at + 1)) {
        auto const rest = text.substr(at + 1);
        auto const equals = rest.find('=');
        if (equals != rest.npos && (find_keyword(rest.substr(0, equals)) || rest.substr(0, equals) == "ssl"))
            return true;
    }
    return false;
}

hidden_parts hidden_in(std::string_view text, uri_layout const& layout, std::vector<text_part> const& parts,
                       password_elsewhere elsewhere)
{
    if (torn(text, layout) || torn(parts, whole_userinfo(layout)))
        return hidden_parts::all();
    auto result = hidden_parts{};
    result.values = repeats_password(parts);
    if (known_password(parts) || elsewhere.given)
        return result;

    // There is no password: did the ":" before it get lost, or the "@" behind it, or did the "@" come before
    // it? Then only what is named by its keyword is sure.
    auto const given = [&](std::string_view keyword) {
        return std::any_of(parts.begin(), parts.end(), [&](auto const& one) {
            return one.parameter && one.keyword == keyword && !one.value.empty();
        });
    };
    auto const user_apart = given("user");
    auto const host_apart = given("host") || given("hostaddr");
    for (auto const& part : parts) {
        auto const& value = part.value.reveal();
        if (part.parameter)
            continue;
        if (part.keyword == "user")
            result.user = result.user || !usual_user(value);
        else if (part.keyword == "host" && !user_apart)
            result.hosts = result.hosts || !usual_host(value);
        else if (part.keyword == "dbname" && !layout.has_userinfo && !user_apart &&
                 !(host_apart && layout.authority.empty()))
            result.dbname = !usual(value);
    }
    return result;
}

hidden_parts hidden_in(std::vector<text_part> const& parts)
{
    if (torn(parts))
        return hidden_parts::all();
    auto result = hidden_parts{};
    result.values = repeats_password(parts);
    return result;
}

} // namespace schemagate::url
