// Parameters that libpq does not know: whose are they, and what is libpq's way? All of them are named at
// once.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "foreign_keyword.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "rule.hpp"
#include "shown.hpp"
#include "suggestion.hpp"
#include "tls_word.hpp"

namespace schemagate::url {

namespace {

hits html(inspection const& i);
hits ssl_alone(inspection const& i);
hits one_foreign(inspection const& i);
hits one_newer(inspection const& i);
hits capitals(inspection const& i);
hits misspelt(inspection const& i);
hits unknown(inspection const& i);

constexpr auto refuse = severity::refuse;

constexpr auto table = std::array{
    rule{"html-escaped", refuse, "{name} holds &amp; where an & belongs: it was copied out of HTML or XML.",
         "Write & for each &amp;{suggestion}.", html},
    rule{"ssl-parameter", refuse, "{name} has ssl=…, of which libpq knows only ssl=true.",
         "Write {mode}{suggestion}.", ssl_alone},
    rule{"parameter-unknown", refuse,
         "{name} has the parameter {keyword}, which is {whose}: libpq refuses it.", "{way}{suggestion}.",
         one_foreign},
    rule{"parameter-unknown", refuse,
         "{name} has the parameter {keyword}, which libpq {since} brought; this program's is {version} and "
         "refuses it.",
         "Drop it{suggestion}.", one_newer},
    rule{"parameter-unknown", refuse,
         "{name} has the parameter {keyword} in capital letters, which libpq refuses.",
         "Write {keyword} in lower case{suggestion}.", capitals},
    rule{"parameter-unknown", refuse, "{name} has a parameter that libpq does not know{named}.",
         "{meant}or write an & that belongs to a value as %26. The known ones: PostgreSQL documentation, "
         "\"34.1.2 Parameter Key Words\".",
         misspelt},
    rule{"parameter-unknown", refuse, "{name} has {count} parameters that libpq refuses: {list}.",
         "Drop or translate them{suggestion}.", unknown},
};

// The keywords that libpq refuses, decoded.
std::vector<std::string> refused_keywords(inspection const& i)
{
    auto result = std::vector<std::string>{};
    for (auto const& part : i.parts) {
        auto const alias =
            i.uri && (part.keyword == "requiressl" || (part.keyword == "ssl" && part.written == "true"));
        if (part.parameter && !alias && !find_keyword(part.keyword))
            result.push_back(part.keyword);
    }
    return result;
}

std::optional<std::string> only_one(inspection const& i)
{
    auto const refused = refused_keywords(i);
    auto const same = [&](auto const& one) { return one == refused.front(); };
    return !refused.empty() && std::all_of(refused.begin(), refused.end(), same)
               ? std::optional{refused.front()}
               : std::nullopt;
}

// Another word may be a piece of the password, but not behind a whole user and password of their own.
bool may_be_named(inspection const& i, std::string_view keyword)
{
    if (find_foreign(keyword) || since_libpq(keyword) != 0 || find_keyword(lowered(keyword)))
        return true;
    return i.hidden == hidden_parts{} && harmless_keyword(keyword) && i.uri && !i.uri->user.empty() &&
           !i.uri->password.value_or("").empty() &&
           std::none_of(i.parts.begin(), i.parts.end(),
                        [](auto const& part) { return part.parameter && secret_keyword(part.keyword); });
}

std::string suggested(inspection const& i)
{
    auto const text = suggestion(i);
    return text.empty() ? text : ": " + text;
}

hits html(inspection const& i)
{
    return when(contains(i.text, "&amp;"), {{"suggestion", suggested(i)}});
}

hits ssl_alone(inspection const& i)
{
    if (!i.uri || only_one(i) != "ssl")
        return {};
    auto mode = std::string_view{};
    for (auto const& part : i.parts)
        if (part.parameter && part.keyword == "ssl")
            mode = stricter_sslmode(mode, sslmode_of(part.value.reveal()));
    auto const said = mode.empty() ? "sslmode=require instead (or sslmode=disable where there is no TLS)"
                                   : "sslmode=" + std::string{mode} + " instead";
    return when(true, {{"mode", said}, {"suggestion", suggested(i)}});
}

std::string way_of(foreign_keyword const& one)
{
    auto const becomes = std::string{one.becomes};
    switch (one.how) {
    case translation::drop: return "Drop it";
    case translation::rename: return "Write " + becomes + " for it";
    case translation::folder: return "Write host=/FOLDER/OF/THE/SOCKET for it";
    case translation::cloudsql: return "Name the socket, host=/cloudsql/PROJECT:REGION:INSTANCE";
    case translation::option: return "Write options=-c%20" + becomes + "%3DVALUE for it, or drop it";
    case translation::tls: return "Write libpq's sslmode for it";
    case translation::fixed: return "Write " + becomes + " for it";
    }
    return {};
}

hits one_foreign(inspection const& i)
{
    auto const keyword = only_one(i);
    auto const* const foreign = keyword ? find_foreign(*keyword) : nullptr;
    if (!foreign)
        return {};
    auto way = way_of(*foreign);
    if (foreign->keyword == "pgbouncer")
        way += " (a pooler is recognised, and MIGRATION_DATABASE_URL names an endpoint past it)";
    return when(true, {{"keyword", printable(*keyword)},
                       {"whose", std::string{foreign->whose}},
                       {"way", way},
                       {"suggestion", suggested(i)}});
}

hits one_newer(inspection const& i)
{
    auto const keyword = only_one(i);
    auto const since = keyword ? since_libpq(*keyword) : 0;
    return when(since != 0, {{"keyword", lowered(keyword.value_or(""))},
                             {"since", std::to_string(since)},
                             {"version", std::to_string(libpq_version() / 10000)},
                             {"suggestion", suggested(i)}});
}

hits capitals(inspection const& i)
{
    auto const keyword = only_one(i);
    return when(keyword && find_keyword(lowered(*keyword)),
                {{"keyword", lowered(keyword.value_or(""))}, {"suggestion", suggested(i)}});
}

std::string probably_meant(std::string_view keyword)
{
    auto words = std::vector<std::string_view>{};
    for (auto const& known : libpq_keywords())
        words.push_back(known.keyword);
    return std::string{nearest_word(lowered(keyword), words)};
}

hits misspelt(inspection const& i)
{
    auto const keyword = only_one(i);
    if (!keyword)
        return {};
    auto const meant = probably_meant(*keyword);
    return when(true,
                {{"named", may_be_named(i, *keyword) ? ": " + *keyword : ""},
                 {"meant", meant.empty() ? "Drop it, " : "Did you mean " + meant + "? Otherwise drop it, "}});
}

hits unknown(inspection const& i)
{
    auto const refused = refused_keywords(i);
    auto list = std::string{};
    for (auto const& keyword : refused) {
        auto const* const foreign = find_foreign(keyword);
        list += list.empty() ? "" : ", ";
        list += may_be_named(i, keyword) ? printable(keyword) : std::string{mask};
        list += foreign ? " (" + std::string{foreign->whose} + ")" : "";
    }
    return when(!refused.empty(),
                {{"count", std::to_string(refused.size())}, {"list", list}, {"suggestion", suggested(i)}});
}

} // namespace

std::span<rule const> keyword_rules()
{
    return table;
}

} // namespace schemagate::url
