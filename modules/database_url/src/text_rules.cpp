// A text that libpq refuses and that does not begin with its scheme: what is it, then?
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "cloudsql.hpp"
#include "foreign_scheme.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "place_commands.hpp"
#include "rule.hpp"
#include "shown.hpp"
#include "suggestion.hpp"

namespace schemagate::url {

namespace {

hits quoted(inspection const& i);
hits invisible_first(inspection const& i);
hits blank_first(inspection const& i);
hits variable(inspection const& i);
hits json(inspection const& i);
hits base64(inspection const& i);
hits socket_alone(inspection const& i);
hits path_of_secret(inspection const& i);
hits name_of_secret(inspection const& i);
hits comment_first(inspection const& i);
hits assignment(inspection const& i);
hits psql_command(inspection const& i);
hits encoded_whole(inspection const& i);
hits jdbc(inspection const& i);
hits sqlalchemy(inspection const& i);
hits other_database(inspection const& i);
hits misspelt(inspection const& i);
hits damaged_scheme(inspection const& i);
hits no_scheme(inspection const& i);
hits ado(inspection const& i);
hits anything(inspection const& /*i*/)
{
    return when(true);
}

constexpr auto refuse = severity::refuse;

// The most telling first; one answer is enough.
constexpr auto table = std::array{
    rule{"quotes-around", refuse,
         "{name} begins with a quotation mark: docker --env-file, systemd and Kubernetes keep quotes as a "
         "part of the "
         "value.",
         "Remove the quotes around the value{suggestion}.", quoted},
    rule{"invisible-character", refuse, "{name} begins with an invisible character ({what}).",
         "Type the beginning of the value anew, or save the file as UTF-8 without a BOM.", invisible_first},
    rule{"blank-at-start", refuse, "{name} begins with white space: libpq does not see its scheme then.",
         "Remove what stands before postgresql://.", blank_first},
    rule{"variable-not-replaced", refuse, "{name} still holds a variable or template that nothing replaced.",
         "Docker's --env-file and systemd do not expand variables; in Kubernetes define a variable before "
         "the one that "
         "uses it as $(NAME). Set the value itself.",
         variable},
    rule{"secret-is-json", refuse,
         "{name} is a JSON document, not a connection string: a secret with several keys was passed as a "
         "whole.",
         "Build the URL from its keys (username, password, host, port, dbname), or store the URL under a key "
         "of its "
         "own and pass only that: {pick a key}.",
         json},
    rule{"secret-is-base64", refuse, "{name} is encoded in base64: decoded, it is {what}.",
         "Decode it once more before it is passed (base64 -d). In a Kubernetes Secret, stringData takes "
         "plain text, "
         "data takes base64.",
         base64},
    rule{"not-a-connection-string", refuse, "{name} is {what} alone, which names neither user nor database.",
         "Write postgresql://USER:PASSWORD@/DATABASE?host={folder}", socket_alone},
    rule{"secret-not-resolved", refuse,
         "{name} says where the secret is, not what it is: it holds a file's path.",
         "Pass the path as {name}_FILE={path}", path_of_secret},
    rule{"secret-not-resolved", refuse,
         "{name} says where the secret is, not what it is: it holds the name of a secret in a store.",
         "Let the platform put the secret's value into the variable: {pass a secret}.", name_of_secret},
    rule{"comment-at-start", refuse,
         "{name} begins with a comment: a file of settings was passed as a whole.",
         "Keep the connection string alone, without a comment, a name or quotes.", comment_first},
    rule{"name-inside-value", refuse, "{name} holds a name before its value, as a line of a file has it.",
         "Remove everything before {begin}.", assignment},
    rule{"name-inside-value", refuse, "{name} holds a psql command, not only its connection string.",
         "{way}.", psql_command},
    rule{"encoded-whole", refuse, "{name} is percent-encoded as a whole, also its :// and its @.",
         "Encode user, password and database alone: postgresql://USER:PASSWORD@HOST:5432/DATABASE",
         encoded_whole},
    rule{"scheme-other-database", refuse, "{name} is {what} URL; this program needs PostgreSQL.",
         "Set {name} to postgresql://USER:PASSWORD@HOST:5432/DATABASE", other_database},
    rule{"scheme-jdbc", refuse, "{name} is {what} URL, which libpq does not read.",
         "Drop \"{prefix}\", and put user and password before the host: {suggestion}", jdbc},
    rule{"scheme-sqlalchemy", refuse,
         "{name} names a Python driver after postgresql+, which only SQLAlchemy understands.",
         "Write {suggestion}", sqlalchemy},
    rule{"scheme-misspelt", refuse,
         "{name} begins with \"{scheme}://\", but libpq takes only \"postgresql://\" and \"postgres://\", in "
         "lower "
         "case.",
         "Write {suggestion}", misspelt},
    rule{"scheme-slash-missing", refuse,
         "{name} begins with \"{begin}\", {what}: \"{scheme}://\" belongs there.",
         "{way}{scheme}://USER:PASSWORD@HOST:5432/DATABASE", damaged_scheme},
    rule{"scheme-missing", refuse, "{name} has no scheme, so libpq looks for keyword=value pairs in it.",
         "Put postgresql:// in front: postgresql://USER:PASSWORD@HOST:5432/DATABASE", no_scheme},
    rule{"ado-style", refuse,
         "{name} is in the style of .NET (Server=…;Database=…), which libpq does not read.",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE", ado},
    rule{"not-a-connection-string", refuse,
         "{name} is neither a postgresql:// URL nor a list of libpq's keyword=value pairs.",
         "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE. In keyword/value form, put a value with "
         "blanks in "
         "single quotes.",
         anything},
};

// What stands before "://", in lower case; "" where nothing does, or too much for a scheme.
std::string scheme_of(inspection const& i)
{
    auto const end = i.text.find("://");
    return end == i.text.npos || end > 40 ? std::string{} : lowered(std::string_view{i.text}.substr(0, end));
}

hits with_suggestion(inspection const& i, bool found, std::string_view before = "")
{
    if (!found)
        return {};
    auto const url = suggestion(i);
    return when(true,
                {{"suggestion", url.empty() ? before.empty() ? "postgresql://USER:PASSWORD@HOST:5432/DATABASE"
                                                             : std::string{}
                                            : std::string{before} + url}});
}

// Typographic quotes come from chats and documents, a backslash from a quoted value that was quoted again.
hits quoted(inspection const& i)
{
    auto const quotes = {"\"",
                         "'",
                         "`",
                         "\\\"",
                         "\\'",
                         "\xE2\x80\x9C",
                         "\xE2\x80\x9D",
                         "\xE2\x80\x98",
                         "\xE2\x80\x99",
                         "\xE2\x80\x9E",
                         "\xC2\xAB",
                         "\xC2\xBB"};
    return with_suggestion(
        i,
        std::any_of(quotes.begin(), quotes.end(), [&](auto const* one) { return i.text.starts_with(one); }),
        ": ");
}

hits invisible_first(inspection const& i)
{
    for (auto const& [bytes, what] : {std::pair{"\xEF\xBB\xBF", "U+FEFF, a byte order mark"},
                                      std::pair{"\xC2\xA0", "U+00A0, a no-break space"},
                                      std::pair{"\xE2\x80\x8B", "U+200B, a zero-width space"}})
        if (i.text.starts_with(bytes))
            return when(true, {{"what", what}});
    return {};
}

hits blank_first(inspection const& i)
{
    return when(is_blank(i.text.front()));
}

hits variable(inspection const& i)
{
    auto const& t = i.text;
    auto const whole = contains(t, "${") || contains(t, "$(") || contains(t, "{{") || contains(t, "<%") ||
                       (t.starts_with('$') && made_of_words(std::string_view{t}.substr(1))) ||
                       (t.size() > 2 && t.front() == '%' && t.back() == '%');
    return when(whole && !contains(t, "://"));
}

hits json(inspection const& i)
{
    return when(i.text.starts_with('{') && contains(i.text, '"') && contains(i.text, ':'),
                {{"pick a key", command_for(i.where, place_command::pick_key, i.name)}});
}

// The first bytes of "postgres", and of a brace with what may follow it in a JSON document.
hits base64(inspection const& i)
{
    if (!all(i.text, [](char c) { return is_alnum(c) || contains(std::string_view{"+/=_-\r\n"}, c); }))
        return {};
    if (i.text.starts_with("cG9zdGdyZX"))
        return when(true, {{"what", "a postgresql:// URL"}});
    auto const braces = {"eyJ", "eyAi", "ewog", "ewoi", "ew0K"};
    return when(
        std::any_of(braces.begin(), braces.end(), [&](auto const* one) { return i.text.starts_with(one); }),
        {{"what", "a JSON document"}});
}

// A path that leads nowhere is not shown: a password may begin with a "/".
hits about_path(inspection const& i, std::string const& path)
{
    auto const harmless = path.size() <= 120 && made_of_words(path, "/_-.") &&
                          (i.where.kind_of(path) != file_kind::absent || path.starts_with("/run/secrets/"));
    return when(true, {{"path", harmless ? path : "/PATH/OF/THE/FILE"}});
}

// Behind /cloudsql/ it is shown; alone it may be anything of that form, "app:S3cret:host" too.
hits socket_alone(inspection const& i)
{
    auto const folder = i.text.starts_with("/cloudsql/");
    auto const name = std::string_view{i.text}.substr(folder ? 10 : 0);
    auto const region = name.substr(std::min(name.size(), name.find(':') + 1));
    auto const sure = folder || contains(region.substr(0, region.find(':')), '-'); // us-central1
    return when(sure && is_cloudsql_instance(name),
                {{"what", folder ? "a Unix socket's folder" : "a Cloud SQL instance's name"},
                 {"folder", folder ? i.text : "/cloudsql/PROJECT:REGION:INSTANCE"}});
}

hits path_of_secret(inspection const& i)
{
    auto const url = i.text.starts_with("file:///");
    auto const path = url || (i.text.starts_with('/') && !contains(i.text, "://"));
    return path && !contains(i.text, '@') ? about_path(i, i.text.substr(url ? 7 : 0)) : hits{};
}

hits name_of_secret(inspection const& i)
{
    auto const stores = {
        "arn:aws",    "sm://",    "op://", "vault:", "gcp-secret", "secretsmanager:", "@Microsoft.KeyVault",
        "secretref:", "aws-ssm:", "ref+"};
    auto const store =
        std::any_of(stores.begin(), stores.end(), [&](auto const* one) { return i.text.starts_with(one); }) ||
        (i.text.starts_with("projects/") && contains(i.text, "/secrets/")) ||
        (i.text.starts_with("https://") && contains(i.text, ".vault.azure.net/"));
    return when(store, {{"pass a secret", command_for(i.where, place_command::pass_secret, i.name)}});
}

// What stands before the first "postgres".
std::string_view before_scheme(inspection const& i)
{
    auto const at = i.text.find("postgres");
    return at == i.text.npos ? std::string_view{} : std::string_view{i.text}.substr(0, at);
}

hits comment_first(inspection const& i)
{
    return when(i.text.starts_with('#'));
}

// "export NAME=", "NAME = ", "NAME: ": how the line of a file names its value. What follows, without a quote.
std::string_view behind_name(std::string_view line)
{
    for (auto const word : {std::string_view{"export "}, std::string_view{"set "}, std::string_view{"- "}})
        if (line.starts_with(word))
            line.remove_prefix(word.size());
    auto const name = line.substr(0, line.find_first_of("=: "));
    if (!made_of_words(name, "_-.") || find_keyword(name))
        return {};
    auto rest = line.substr(name.size());
    auto const mark = rest.substr(0, rest.find_first_not_of("=: '\""));
    auto const named = contains(mark, '=') || (mark.starts_with(':') && contains(mark, ' '));
    return named ? rest.substr(mark.size()) : std::string_view{};
}

std::string quote_behind(inspection const& i)
{
    return i.text.ends_with('"') || i.text.ends_with('\'') ? ", and the quote at the end" : "";
}

hits assignment(inspection const& i)
{
    auto const value = behind_name(i.text);
    auto const url = lowered(value.substr(0, 8)) == "postgres" || contains(before_scheme(i), i.name + "=");
    auto const keywords = find_keyword(value.substr(0, value.find_first_of("= "))) && contains(value, '=');
    return when(url || keywords,
                {{"begin", std::string{url ? "postgresql://" : "the first keyword"} + quote_behind(i)}});
}

hits psql_command(inspection const& i)
{
    auto const begins =
        i.text.starts_with("psql ") || (i.text.starts_with("PGPASSWORD=") && contains(i.text, " psql "));
    auto const url = contains(i.text, "postgresql://") || contains(i.text, "postgres://");
    auto const quoted = contains(i.text, "\"host") || contains(i.text, "'host");
    return when(begins, {{"way", url      ? "Remove everything before postgresql://" + quote_behind(i)
                                 : quoted ? std::string{"Keep what stands between the quotes alone"}
                                          : "Write postgresql://USER:PASSWORD@HOST:5432/DATABASE"}});
}

hits encoded_whole(inspection const& i)
{
    auto const folded = lowered(std::string_view{i.text}.substr(0, 24));
    return when(folded.starts_with("postgresql%3a") || folded.starts_with("postgres%3a"));
}

// "jdbc:mysql" of "jdbc:mysql://…" and of "jdbc:mysql:loadbalance://…", "jdbc:oracle" of
// "jdbc:oracle:thin:@…": the prefix and what stands behind it, in lower case; both "" for another text.
std::pair<std::string, std::string> prefixed_scheme(inspection const& i)
{
    auto const folded = lowered(std::string_view{i.text}.substr(0, 60));
    for (auto const* const prefix : {"jdbc:", "r2dbc:pool:", "r2dbc:"})
        if (folded.starts_with(prefix)) {
            auto const rest = folded.substr(std::string_view{prefix}.size());
            return {prefix, rest.substr(0, rest.find(':'))};
        }
    return {};
}

hits jdbc(inspection const& i)
{
    auto const prefix = prefixed_scheme(i).first;
    auto result = with_suggestion(i, !prefix.empty());
    for (auto& one : result) {
        one.words.push_back({"prefix", prefix});
        one.words.push_back({"what", prefix == "jdbc:" ? "a JDBC" : "an R2DBC"});
    }
    return result;
}

hits sqlalchemy(inspection const& i)
{
    auto const scheme = scheme_of(i);
    return with_suggestion(i, scheme.starts_with("postgres+") || scheme.starts_with("postgresql+"));
}

hits other_database(inspection const& i)
{
    auto const prefixed = prefixed_scheme(i);
    auto const what = database_of_scheme(prefixed.first.empty() ? scheme_of(i) : prefixed.second);
    return when(!what.empty(), {{"what", std::string{what}}});
}

hits misspelt(inspection const& i)
{
    auto const scheme = scheme_of(i);
    auto result = with_suggestion(i, nearly_postgresql(scheme));
    for (auto& one : result)
        one.words.push_back({"scheme", printable(i.text.substr(0, i.text.find("://")))});
    return result;
}

// What may stand where "://" belongs. The longer ones first.
struct damage
{
    std::string_view separator;
    std::string_view what;
    std::string_view way = "Write ";
};

constexpr auto damages = std::array{
    damage{":\\/\\/", "with its slashes escaped, as in JSON", "Write / for each \\/, as in "},
    damage{":\\\\", "with backslashes"},
    damage{"\xEF\xBC\x9A", "with a wide colon (U+FF1A)", "Type its beginning anew: "},
    damage{":\xEF\xBC\x8F", "with wide slashes (U+FF0F)", "Type its beginning anew: "},
    damage{";//", "with a semicolon"},
    damage{"//", "without its colon"},
    damage{":/", "with one slash; libpq asks for two"},
    damage{":", "without its two slashes"},
};

hits damaged_scheme(inspection const& i)
{
    auto const folded = lowered(std::string_view{i.text}.substr(0, 24));
    for (auto const* const scheme : {"postgresql", "postgres"})
        for (auto const& one : damages)
            if (folded.starts_with(scheme + std::string{one.separator}) &&
                !folded.starts_with(std::string{scheme} + "://"))
                return when(true, {{"scheme", scheme},
                                   {"begin", scheme + std::string{one.separator}},
                                   {"what", std::string{one.what}},
                                   {"way", std::string{one.way}}});
    return {};
}

hits no_scheme(inspection const& i)
{
    return when(!contains(i.text, "://") && contains(i.text, '@'));
}

hits ado(inspection const& i)
{
    auto const folded = lowered(i.text);
    auto const words = {"server=", "host=", "data source=", "datasource="};
    return when(contains(folded, ';') && std::any_of(words.begin(), words.end(),
                                                     [&](auto const* one) { return contains(folded, one); }));
}

} // namespace

std::span<rule const> text_rules()
{
    return table;
}

} // namespace schemagate::url
