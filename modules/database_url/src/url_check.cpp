// check(): runs the rules over one text, and makes the diagnosis of their findings.
//
// The first question is always libpq's answer (libpq_parse). Where it refuses the text, the rules only
// explain why; where it takes it, they compare what it will do with what the place offers. A finding refuses
// only if libpq could not have reached the intended database, or if the text is ambiguous enough to send the
// password to a wrong host; everything else is a warning or a note, since a wrong refusal stops a boot that
// would work. No finding quotes a part that may hold a piece of the password (shown.hpp).
#include <algorithm>

#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "shown.hpp"

namespace schemagate {

namespace url {

bool inspection::refused() const
{
    return std::any_of(findings.begin(), findings.end(),
                       [](auto const& one) { return one.severity == severity::refuse; });
}

bool inspection::has(std::string_view code) const
{
    return std::any_of(findings.begin(), findings.end(), [&](auto const& one) { return one.code == code; });
}

std::string inspection::here() const
{
    auto const kind = describe(where);
    auto const one_of_many = kind.ends_with(" job") || kind.ends_with(" service");
    return kind.empty() ? "here" : one_of_many ? "in this " + kind : "here (" + kind + ")";
}

std::string inspection::model(std::string_view host) const
{
    auto const or_else = [&](std::string const& known, std::string_view word) {
        auto const plain = set && !ambiguous && made_of_words(known, "_-.");
        return plain ? known : std::string{word};
    };
    return "postgresql://" + or_else(effective.user(), "USER") + ":***@" + std::string{host} + ":5432/" +
           or_else(effective.value("dbname"), "DATABASE");
}

namespace {

// Compose passes a variable that is not defined as an empty one, so PGHOST and the like do not stand in for
// it: an unset DATABASE_URL is refused beside them too.
bool explain_nothing(inspection& i)
{
    if (!all(i.text, is_blank))
        return false;
    auto const elsewhere =
        i.where.variable("PGHOST") || i.where.variable("PGHOSTADDR") || i.where.variable("PGSERVICE");
    i.refuse(
        "url-empty",
        i.name + " is set, but " + (i.text.empty() ? "empty" : "holds only white space") +
            ": libpq would take that for a local socket and the account's own name.",
        "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE (percent-encode the password), or for a "
        "Unix socket to postgresql://USER:PASSWORD@/DATABASE?host=/FOLDER/OF/THE/SOCKET. A secret that is "
        "empty often has no version yet, or names a variable that is not defined." +
            std::string{elsewhere ? " To take all of it from PGHOST, PGUSER and the like, write postgresql://"
                                    " and nothing else."
                                  : ""});
    return true;
}

bool explain_nul(inspection& i)
{
    if (!contains(i.text, '\0'))
        return false;
    i.refuse("nul-byte", i.name + " holds a NUL byte: libpq would stop reading there.",
             "Store the value as plain text (UTF-8, not UTF-16), without a NUL byte.");
    return true;
}

void inspect(inspection& i)
{
    if (explain_nothing(i) || explain_nul(i))
        return;
    i.set = libpq_parse(i.text);
    i.uri = scan_uri(i.text);
    i.ambiguous = i.uri && ambiguous(*i.uri);
    if (i.set) {
        i.effective = effective_values{*i.set, i.where};
        i.ways = ways_of(i.effective);
    }

    if (!i.set && !i.uri)
        return explain_text(i);
    judge_template(i);
    if (i.refused())
        return; // a template's other faults are faults of its author's text, not of the value
    judge_ambiguity(i);
    if (i.refused())
        return; // what follows would speak of a host that nobody meant
    if (!i.set)
        return explain_uri(i);
    judge_characters(i);
    judge_parameters(i);
    judge_path(i);
    judge_ways(i);
    judge_transport(i);
    judge_database(i);
    judge_password_source(i);
    judge_provider(i);
}

// Of a refused text the fields are only for showing, so they are masked where they may tell something.
connection_settings settings_of(inspection const& i, bool for_showing)
{
    auto result = connection_settings{};
    for (auto const& one : i.ways.ways)
        result.endpoints.push_back({for_showing ? shown_host(one.target()) : one.target(),
                                    for_showing ? shown_port(one.port) : one.port,
                                    one.is_socket() ? transport::socket : transport::tcp});
    result.user = for_showing ? shown_user(i.effective.user()) : i.effective.user();
    result.dbname = for_showing ? shown_database(i.effective.dbname()) : i.effective.dbname();
    result.sslmode = printable(i.effective.value("sslmode"));
    result.parameters = *i.set;
    result.redacted = i.redacted;
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
    auto const& text = url.text.reveal();
    auto i = url::inspection{
        text, url::variable_of(url.source), where, policy, redact(text), {}, false, {}, {}, {}, url.findings};
    url::inspect(i);

    if (i.set) // what libpq cannot read, no operator can accept
        for (auto& one : i.findings)
            if (one.severity == severity::refuse && policy.accept.contains(one.code)) {
                one.severity = severity::warn;
                one.message += " (accepted by the operator)";
            }

    auto result = url_diagnosis{};
    result.redacted = i.redacted;
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
