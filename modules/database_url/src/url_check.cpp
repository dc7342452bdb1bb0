// check(): runs the rules over one text, and makes the diagnosis of their findings.
//
// The first question is always libpq's answer (libpq_parse). Where it refuses the text, the rules only
// explain why; where it takes it, they compare what it will do with what the place offers. A finding refuses
// only if libpq could not have reached the intended database, or if the text is ambiguous enough to send the
// password to a wrong host; everything else is a warning or a note, since a wrong refusal stops a boot that
// would work. No diagnostic quotes a part that may hold a piece of the password (doubt.hpp).
#include <algorithm>
#include <array>

#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/safe_text.hpp"

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "redaction.hpp"
#include "rule.hpp"
#include "shown.hpp"
#include "tls_word.hpp"

namespace schemagate {

namespace url {

namespace {

hits nothing(inspection const& i);
hits nul(inspection const& i);
hits accepted_unknown(inspection const& i);

// What the operator set besides the text.
constexpr auto around = std::array{
    rule{"accept-unknown", severity::warn,
         "SCHEMAGATE_ACCEPT (or --accept) names {code}, which is no code of a diagnostic.",
         "{way}; DATABASE_URL.md lists every code.", accepted_unknown},
};

// Before libpq can be asked at all.
constexpr auto unreadable = std::array{
    rule{"url-empty", severity::refuse,
         "{name} is set, but {what}: libpq would take that for a local socket and the account's own name.",
         "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE (percent-encode the password), or for a "
         "Unix socket to "
         "postgresql://USER:PASSWORD@/DATABASE?host=/FOLDER/OF/THE/SOCKET. A secret that is empty often has "
         "no version "
         "yet, or names a variable that is not defined.{elsewhere}",
         nothing},
    rule{"nul-byte", severity::refuse, "{name} holds a NUL byte: libpq would stop reading there.",
         "Store the value as plain text (UTF-8, not UTF-16), without a NUL byte.", nul},
};

// Compose passes a variable that is not defined as an empty one, so PGHOST and the like do not stand in for
// it: an unset DATABASE_URL is refused beside them too.
hits nothing(inspection const& i)
{
    auto const elsewhere =
        i.where.variable("PGHOST") || i.where.variable("PGHOSTADDR") || i.where.variable("PGSERVICE");
    return when(
        all(i.text, is_blank),
        {{"what", i.text.empty() ? "empty" : "holds only white space"},
         {"elsewhere", elsewhere ? " To take all of it from PGHOST, PGUSER and the like, write postgresql:// "
                                   "and nothing else."
                                 : ""}});
}

hits nul(inspection const& i)
{
    return when(contains(i.text, '\0'));
}

hits accepted_unknown(inspection const& i)
{
    if (i.policy.accept.empty())
        return {};
    auto const known = known_codes();
    auto result = hits{};
    for (auto const& code : i.policy.accept) {
        if (std::find(known.begin(), known.end(), code) != known.end())
            continue;
        auto const near = nearest_word(code, known);
        auto const plain = made_of_words(code, "-") && code.size() <= 40;
        result.push_back({{{"code", plain ? code : std::string{mask}},
                           {"way", near.empty() ? "Drop it" : "Write " + std::string{near}}}});
    }
    return result;
}

// What stands in the place of a password in the text: then nothing went missing from it.
password_elsewhere other_password(inspection const& i)
{
    auto const home = i.where.variable("HOME").value_or("");
    auto const default_file = home.empty() ? std::string{} : home + "/.pgpass";
    auto const set = [&](char const* keyword) { return !i.effective.value(keyword).empty(); };
    return {(set("password") && i.effective.from("password") != origin::text) || set("passfile") ||
            set("sslcert") || i.effective.service_unknown() ||
            (!default_file.empty() && i.where.kind_of(default_file) == file_kind::regular)};
}

void read_text(inspection& i)
{
    i.set = libpq_parse(i.text);
    i.uri = scan_uri(i.text);
    if (i.set) {
        i.effective = effective_values{*i.set, i.where};
        i.endpoints = endpoints_of(i.effective);
    }
    if (i.uri) {
        i.parts = parts_of(*i.uri);
        i.ambiguous = ambiguous(*i.uri) || password_holds_query(*i.uri);
        i.hidden = hidden_in(i.text, *i.uri, i.parts, other_password(i));
        if (i.effective.value("dbname").empty())
            i.hidden.dbname = i.hidden.dbname || i.hidden.user; // libpq takes the user's name
    }
    else {
        i.parts = parts_of(scan_keywords(i.text));
        i.hidden = i.set ? hidden_in(i.parts) : hidden_parts::all();
    }
    i.redacted = redacted(i.text, i.hidden);
}

// "host=h TimeZone=UTC": libpq refuses it for a keyword alone.
bool lists_keywords(inspection const& i)
{
    auto const pieces = scan_keywords(i.text).pieces;
    return !contains(i.text, ';') && std::all_of(pieces.begin(), pieces.end(), [](auto const& one) {
        auto const names_another = !find_keyword(one.keyword) && contains(one.value, '='); // NAME=host=…
        return contains(one.equals, '=') && made_of_words(one.keyword, "_-.") && !names_another;
    }) && std::any_of(pieces.begin(), pieces.end(), [](auto const& one) {
        return find_keyword(one.keyword);
    });
}

// A host or port that cannot work is a refusal only if no endpoint is left, or if libpq would stop there: a
// port that is no number ends its list. Of each endpoint the first rule speaks.
void check_endpoints(inspection& i)
{
    auto problems = std::vector<finding>{};
    auto& all_of_them = i.endpoints.all;
    for (auto const& rules : {host_rules(), socket_rules()})
        for (auto const& one : rules)
            for (auto const& found : one.find(i))
                if (auto& endpoint = all_of_them[found.endpoint]; endpoint.usable) {
                    endpoint.usable = false;
                    problems.push_back(made_of(one, found, i));
                }
    auto const none_named = std::all_of(all_of_them.begin(), all_of_them.end(),
                                        [](auto const& one) { return one.default_socket; });
    auto const first =
        std::find_if(all_of_them.begin(), all_of_them.end(), [](auto const& one) { return one.usable; });
    auto const blocked =
        std::any_of(all_of_them.begin(), first, [](auto const& one) { return !all(one.port, is_digit); });
    if (first != all_of_them.end() && !blocked && !none_named)
        for (auto& one : problems)
            one.severity = severity::warn;
    i.findings.insert(i.findings.end(), problems.begin(), problems.end());
}

void inspect(inspection& i)
{
    apply_all(around, i);
    if (apply_first(unreadable, i))
        return;
    read_text(i);
    if (!i.set && !i.uri) {
        if (!lists_keywords(i) || !apply_first(keyword_rules(), i))
            apply_first(text_rules(), i);
        return;
    }
    if (apply_first(template_rules(), i))
        return; // a template's other faults are faults of its author's text, not of the value
    if (i.ambiguous && apply_first(ambiguity_rules(), i))
        return; // what follows would speak of a host that nobody meant
    if (!i.set) {
        if (!apply_first(uri_rules(), i) && !apply_first(keyword_rules(), i))
            apply_first(last_uri_rules(), i);
        return;
    }
    apply_all(doubtful_template_rules(), i);
    apply_all(white_space_rules(), i);
    apply_all(character_rules(), i);
    apply_all(value_rules(), i);
    apply_all(service_rules(), i);
    apply_all(repetition_rules(), i);
    apply_all(certificate_rules(), i);
    apply_all(path_rules(), i);
    check_endpoints(i);
    apply_all(doubtful_socket_rules(), i);
    apply_all(endpoint_rules(), i);
    if (!i.refused())
        apply_all(transport_rules(), i);
    apply_all(target_rules(), i);
    apply_all(provider_rules(), i);
}

// Of a refused text the fields are only for showing, so they are masked where they may tell something.
connection_settings settings_of(inspection const& i, bool for_showing)
{
    auto result = connection_settings{};
    for (auto const& one : i.endpoints.all)
        result.endpoints.push_back(
            {for_showing ? i.shown_host(one.target()) : one.target(),
             for_showing ? i.shown_port(one.port) : one.port,
             one.is_socket() ? transport::socket : transport::tcp,
             for_showing && !one.hostaddr.empty() ? i.shown_host(one.hostaddr) : one.hostaddr});
    result.user = for_showing ? i.shown_user(i.effective.user()) : i.effective.user();
    result.dbname = for_showing ? i.shown_dbname(i.effective.dbname()) : i.effective.dbname();
    auto const& mode = i.effective.value("sslmode");
    result.sslmode = mode.empty() || sslmode_of(mode) == mode ? mode : std::string{mask};
    result.parameters = *i.set;
    result.redacted = i.redacted;
    result.hidden = i.hidden;
    return result;
}

// The variable that the source names, for the beginning of sentences: "X" of "X" and of "X_FILE=/path".
std::string variable_of(std::string_view source)
{
    auto variable = source.substr(0, source.find('='));
    if (variable.size() < source.size() && variable.ends_with("_FILE"))
        variable.remove_suffix(5);
    return made_of_words(variable) ? std::string{variable} : "DATABASE_URL"; // "the credential database_url"
}

} // namespace

std::vector<std::string_view> known_codes()
{
    auto result = std::vector<std::string_view>{
        // of where the text comes from: url_source.cpp, secret_file.cpp and the commands
        "url-missing",  "url-set-twice",  "file-is-url",         "file-unreadable", "file-too-large",
        "file-has-nul", "file-has-lines", "file-world-readable", "newline-trimmed"};
    auto const add = [&](std::span<rule const> rules) {
        for (auto const& one : rules)
            if (std::find(result.begin(), result.end(), one.code) == result.end())
                result.push_back(one.code);
    };
    for (auto const& rules : {std::span<rule const>{around},
                              std::span<rule const>{unreadable},
                              text_rules(),
                              template_rules(),
                              doubtful_template_rules(),
                              ambiguity_rules(),
                              uri_rules(),
                              keyword_rules(),
                              last_uri_rules(),
                              white_space_rules(),
                              character_rules(),
                              value_rules(),
                              service_rules(),
                              repetition_rules(),
                              certificate_rules(),
                              path_rules(),
                              host_rules(),
                              socket_rules(),
                              doubtful_socket_rules(),
                              endpoint_rules(),
                              transport_rules(),
                              target_rules(),
                              provider_rules()})
        add(rules);
    return result;
}

} // namespace url

std::string_view name(verdict v) noexcept
{
    switch (v) {
    case verdict::ok: return "ok";
    case verdict::warning: return "warning";
    case verdict::error: return "error";
    }
    return "error";
}

url_diagnosis check(database_url_text const& url, place const& where, url_policy const& policy)
{
    if (std::any_of(url.findings.begin(), url.findings.end(),
                    [](auto const& one) { return one.severity == severity::refuse; })) {
        auto unread = url_diagnosis{}; // there is no text to judge
        unread.verdict = verdict::error;
        unread.findings = url.findings;
        return unread;
    }
    auto const& text = url.text.reveal();
    auto i = url::inspection{text, url::variable_of(url.source), where, policy, url.findings};
    url::inspect(i);

    if (i.set) // what libpq cannot read, no operator can accept
        for (auto& one : i.findings)
            if (one.severity == severity::refuse && policy.accept.contains(one.code)) {
                one.severity = severity::warn;
                one.message += " (accepted by the operator)";
            }

    auto result = url_diagnosis{};
    result.redacted = i.redacted;
    result.hidden = i.hidden;
    result.findings = std::move(i.findings);
    std::stable_sort(result.findings.begin(), result.findings.end(),
                     [](auto const& a, auto const& b) { return a.severity > b.severity; });
    if (!result.findings.empty() && result.findings.front().severity != severity::note)
        result.verdict =
            result.findings.front().severity == severity::refuse ? verdict::error : verdict::warning;
    // The settings of an ambiguous text hold pieces of the password as host or database: only the operator
    // who accepted it gets them.
    if (i.set && !(i.ambiguous && result.verdict == verdict::error))
        result.effective = url::settings_of(i, result.verdict == verdict::error);
    return result;
}

connection_settings require_usable(url_diagnosis const& diagnosis)
{
    if (diagnosis.verdict != verdict::error && diagnosis.effective)
        return *diagnosis.effective;
    if (diagnosis.findings.empty())
        throw failure{errc::url_refused, "DATABASE_URL cannot be read."};
    auto const& worst = diagnosis.findings.front();
    throw failure{errc::url_refused, worst.message, worst.fix}.with_finding(worst.code);
}

} // namespace schemagate
